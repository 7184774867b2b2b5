//! The differential test: oracle, diagram, table and module must say the same of every request.
//! In: source texts, requests. Out: the first difference, small enough to read and to run again.
//! Refuses to know which of them is right; the oracle is what they are measured by.

pub mod diagram;
pub mod miscounted;
pub mod module;
pub mod native;
pub mod pack;
pub mod partial;
pub mod planted;

use crate::generate::{self, Random, Requests, Source, from_json, to_json};
use diagram::Open;
use keyward::analyze::{Report, analyze};
use keyward::check::{Files, check};
use keyward::diagnostic::Diagnostic;
use keyward::emit::{Emitted, Options, emit};
use keyward::eval::{self, Undecided};
use keyward::lower::lower;
use keyward::model::Model;
use keyward::parse::parse;
use keyward::schema::DecisionId;
use keyward::span::FileId;
use keyward::typed::{AnswerValue, Policy, RuleId};
use keyward::value::{Part, Request, Source as Reason, Status};
use native::Native;
use std::fmt;

/// What one decider says of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The status.
    pub status: Status,
    /// The answers.
    pub answers: Vec<AnswerValue>,
    /// The rules that applied; `None` if this decider does not say.
    pub why: Option<Vec<(Part, Reason)>>,
}

/// A policy with everything made from it.
pub struct Built {
    /// The typed policy.
    pub policy: Policy,
    /// Its model.
    pub model: Model,
    /// What the analyses say.
    pub report: Report,
    /// The module and its table.
    pub emitted: Emitted,
}

/// Why a policy is not built.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The text, the names or the types are wrong.
    Wrong(Vec<Diagnostic>),
    /// The rules are entangled too much.
    Entangled(Vec<Diagnostic>),
    /// The analyses found errors.
    Refuted(Box<(Policy, Model, Vec<Diagnostic>)>),
    /// The module could not be written.
    NotEmitted(String),
}

/// Reads and checks files, the last of which is the main one.
pub fn read(texts: &[String]) -> Result<Policy, Vec<Diagnostic>> {
    let mut files = Files::new();
    let mut found = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let (tree, diagnostics) = parse(FileId(number as u16), text);
        found.extend(diagnostics);
        files.add(tree, text);
    }
    let main = FileId(texts.len().saturating_sub(1) as u16);
    let (policy, diagnostics) = check(&files, main);
    found.extend(diagnostics);
    match policy {
        Some(policy) if !found.iter().any(Diagnostic::is_error) => Ok(policy),
        _ => Err(found),
    }
}

/// Everything from text to module.
pub fn build(texts: &[String]) -> Result<Built, Refusal> {
    build_policy(read(texts).map_err(Refusal::Wrong)?)
}

/// Everything from the typed policy on.
pub fn build_policy(policy: Policy) -> Result<Built, Refusal> {
    let mut model = lower(&policy).map_err(Refusal::Entangled)?;
    let report = analyze(&policy, &mut model);
    if report.diagnostics.iter().any(Diagnostic::is_error) {
        return Err(Refusal::Refuted(Box::new((policy, model, report.diagnostics))));
    }
    let emitted = emit(&model, Options::default()).map_err(|error| Refusal::NotEmitted(format!("{error:?}")))?;
    Ok(Built { policy, model, report, emitted })
}

/// What the oracle says.
pub fn oracle(policy: &Policy, decision: DecisionId, request: &Request) -> Result<Answered, Undecided> {
    let outcome = eval::decide(policy, decision, request)?;
    Ok(Answered { status: outcome.status, answers: outcome.answers, why: Some(outcome.why) })
}

/// Two deciders that disagree.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The seed of the policy.
    pub seed: u64,
    /// The files of the policy.
    pub texts: Vec<String>,
    /// The request as JSON.
    pub request: String,
    /// The decision.
    pub decision: String,
    /// Who says what, the oracle first.
    pub said: Vec<(&'static str, String)>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {} differs on `{}` for the request\n  {}", self.seed, self.decision, self.request)?;
        for (who, what) in &self.said {
            writeln!(f, "  {who:8} {what}")?;
        }
        for text in &self.texts {
            writeln!(f, "--- policy\n{text}")?;
        }
        Ok(())
    }
}

/// Compares all deciders on one complete request; the oracle reads `truth`, the others what was built.
pub fn compare(truth: &Policy, built: &Built, decision: DecisionId, request: &Request) -> Vec<(&'static str, String)> {
    let expected = oracle(truth, decision, request);
    let mut said = vec![("oracle", words(truth, &expected))];
    let diagram = diagram::decide(&built.model, decision, request);
    let mut same = expected.as_ref().is_ok_and(|expected| agrees(expected, &diagram));
    said.push(("diagram", words(truth, &Ok(diagram))));
    if let Some(packed) = pack::pack(&built.model, built.emitted.schema_hash, request) {
        let native = Native::new(&built.emitted.table, &built.model.schema).decide(decision, &packed, true);
        same &= expected.as_ref().is_ok_and(|expected| agrees(expected, &native));
        said.push(("native", words(truth, &Ok(native))));
    }
    if same { Vec::new() } else { said }
}

/// Whether two deciders say the same, as far as the second says it.
pub fn agrees(expected: &Answered, other: &Answered) -> bool {
    expected.status == other.status
        && expected.answers == other.answers
        && other.why.as_ref().is_none_or(|why| expected.why.as_ref() == Some(why))
}

fn words(policy: &Policy, answered: &Result<Answered, Undecided>) -> String {
    let name = |rule: &RuleId| policy.rules.get(*rule).map_or("?", |rule| rule.name.as_str()).to_owned();
    match answered {
        Err(Undecided::Conflict { decision, answer, rules }) => {
            let rules: Vec<String> = rules.iter().map(name).collect();
            format!("conflict in answer {answer} of decision {decision} between {}", rules.join(", "))
        }
        Err(undecided) => format!("{undecided:?}"),
        Ok(answered) => {
            let why = answered.why.iter().flatten().map(|(part, source)| match source {
                Reason::Rule(rule) => format!("{part:?} {}", name(rule)),
                Reason::Normally => format!("{part:?} normally"),
            });
            format!("{} {:?} {}", answered.status.word(), answered.answers, why.collect::<Vec<_>>().join(", "))
        }
    }
}

/// How a run went.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Policies generated.
    pub policies: usize,
    /// Policies accepted.
    pub accepted: usize,
    /// Policies refused for a gap or conflict that the oracle confirmed.
    pub refuted: usize,
    /// Policies refused for other reasons, with the first reason of each kind and its seed.
    pub wrong: Vec<(u64, String)>,
    /// Decisions compared.
    pub decisions: usize,
    /// Of those, with status ok.
    pub ok: usize,
    /// Decisions a further decider agreed on.
    pub further: usize,
    /// The first differences.
    pub differences: Vec<Difference>,
}

impl Tally {
    /// Adds the tally of another part of the run.
    pub fn add(&mut self, other: Tally) {
        self.policies += other.policies;
        self.accepted += other.accepted;
        self.refuted += other.refuted;
        self.wrong.extend(other.wrong);
        self.decisions += other.decisions;
        self.ok += other.ok;
        self.further += other.further;
        self.differences.extend(other.differences);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} policies ({} accepted, {} refuted, {} refused), {} decisions ({} ok, {} in modules), {} differences",
            self.policies,
            self.accepted,
            self.refuted,
            self.wrong.len(),
            self.decisions,
            self.ok,
            self.further,
            self.differences.len()
        )
    }
}

/// A further decider, asked about each policy that was built: how many decisions it agreed on, or how it differs.
pub type Further<'a> = &'a (dyn Fn(u64, &Built) -> Result<usize, String> + Sync);

/// Compares all deciders on so many requests of the policy of a seed.
pub fn run_seed(seed: u64, requests: usize, further: Further<'_>) -> Tally {
    let source = generate::policy(seed);
    let mut tally = Tally { policies: 1, ..Tally::default() };
    let texts = vec![source.text()];
    match build(&texts) {
        Ok(built) => {
            tally.accepted = 1;
            compare_many(seed, &texts, &built.policy, &built, requests, &mut tally);
            if !tally.differences.is_empty()
                && let Some(smaller) = smallest(seed, &source, requests)
            {
                tally.differences = vec![smaller];
            }
            match further(seed, &built) {
                Ok(decisions) => tally.further += decisions,
                Err(why) => tally.wrong.push((seed, why)),
            }
        }
        Err(Refusal::Refuted(refuted)) => {
            let (policy, model, found) = *refuted;
            match confirm(&policy, &model, &found, seed) {
                Ok(()) => tally.refuted = 1,
                Err(why) => tally.wrong.push((seed, why)),
            }
        }
        Err(Refusal::Wrong(found) | Refusal::Entangled(found)) => tally.wrong.push((seed, first_error(&found))),
        Err(Refusal::NotEmitted(why)) => tally.wrong.push((seed, why)),
    }
    tally
}

/// The difference of a seed, in as few paragraphs as still show one.
fn smallest(seed: u64, source: &Source, requests: usize) -> Option<Difference> {
    let difference = |source: &Source| {
        let texts = vec![source.text()];
        let built = build(&texts).ok()?;
        let mut tally = Tally::default();
        compare_many(seed, &texts, &built.policy, &built, requests * 4, &mut tally);
        tally.differences.pop()
    };
    difference(&minimal(source, |smaller| difference(smaller).is_some()))
}

/// Compares all deciders on random requests; the oracle reads `truth`. Stops at the first difference.
pub fn compare_many(seed: u64, texts: &[String], truth: &Policy, built: &Built, requests: usize, tally: &mut Tally) {
    let mut random = Random::new(seed ^ 0x5EED);
    let maker = Requests::new(truth);
    for _ in 0..requests {
        let request = maker.complete(&mut random);
        for decision in 0..truth.schema.decisions.len() {
            tally.decisions += 1;
            let said = compare(truth, built, decision, &request);
            tally.ok += usize::from(eval::is_valid(truth, &request));
            if !said.is_empty() {
                tally.differences.push(Difference {
                    seed,
                    texts: texts.to_vec(),
                    request: to_json(&truth.schema, &request).to_string(),
                    decision: truth.schema.decisions[decision].name.clone(),
                    said,
                });
                return;
            }
        }
    }
}

/// The first error among diagnostics, in one line.
pub fn first_error(found: &[Diagnostic]) -> String {
    let error = found.iter().find(|diagnostic| diagnostic.is_error()).or(found.first());
    error.map_or_else(|| "refused without a reason".to_owned(), |error| format!("{:?} {}", error.code, error.message))
}

/// Whether the oracle, too, finds the gaps and conflicts a policy was refused for, at the very requests given as examples,
/// and whether the oracle's own gaps and conflicts are where the diagrams have theirs.
fn confirm(policy: &Policy, model: &Model, found: &[Diagnostic], seed: u64) -> Result<(), String> {
    for diagnostic in found.iter().filter(|diagnostic| diagnostic.is_error()) {
        let code = diagnostic.code.to_string();
        if code == "KW203" {
            continue;
        }
        let example = diagnostic.example.as_ref().ok_or_else(|| format!("{code} without an example"))?;
        let request =
            from_json(&policy.schema, &example.request).ok_or_else(|| format!("{example:?} is no request"))?;
        if !eval::is_valid(policy, &request) {
            return Err(format!("the example of {code} is not valid: {:?}", example.request));
        }
        let mut confirmed = false;
        for (decision, declared) in policy.schema.decisions.iter().enumerate() {
            for (answer, named) in declared.answers.iter().enumerate() {
                if diagnostic.message.contains(&format!("`{}.{}`", declared.name, named.name)) {
                    let says = eval::answer(policy, decision, answer, &request);
                    let own = |d: DecisionId, a: usize| (d, a) == (decision, answer);
                    confirmed |= match says {
                        Err(Undecided::Gap { decision: d, answer: a }) if own(d, a) => code == "KW202",
                        Err(Undecided::Conflict { decision: d, answer: a, .. }) if own(d, a) => code == "KW201",
                        // An answer that asks an open one is open with it; then that one is reported, too.
                        Err(Undecided::Gap { decision: d, answer: a }) => is_reported(policy, found, d, a),
                        Err(Undecided::Conflict { decision: d, answer: a, .. }) => is_reported(policy, found, d, a),
                        _ => false,
                    };
                }
            }
        }
        if !confirmed {
            return Err(format!("{code} not confirmed: {} at {:?}", diagnostic.message, example.request));
        }
    }
    open_answers(policy, model, seed)
}

/// Whether some error names an answer.
fn is_reported(policy: &Policy, found: &[Diagnostic], decision: DecisionId, answer: usize) -> bool {
    let declared = &policy.schema.decisions[decision];
    let name = format!("`{}.{}`", declared.name, declared.answers[answer].name);
    found.iter().any(|diagnostic| diagnostic.is_error() && diagnostic.message.contains(&name))
}

/// Whether oracle and diagrams leave the same answers open, answer by answer, on random requests.
fn open_answers(policy: &Policy, model: &Model, seed: u64) -> Result<(), String> {
    let mut random = Random::new(seed);
    let maker = Requests::new(policy);
    for _ in 0..50 {
        let request = maker.complete(&mut random);
        let Some(classes) = diagram::classes(model, &request).filter(|_| eval::is_valid(policy, &request)) else {
            continue;
        };
        for (decision, declared) in policy.schema.decisions.iter().enumerate() {
            for answer in 0..declared.answers.len() {
                let expected = eval::answer(policy, decision, answer, &request);
                let found = diagram::value(model, decision, answer, &classes);
                let own = |d: DecisionId, a: usize| (d, a) == (decision, answer);
                let same = match (&expected, &found) {
                    (Ok(expected), Ok(found)) => expected == found,
                    (Err(Undecided::Gap { decision: d, answer: a }), found) if own(*d, *a) => *found == Err(Open::Gap),
                    (Err(Undecided::Conflict { decision: d, answer: a, .. }), found) if own(*d, *a) => {
                        *found == Err(Open::Conflict)
                    }
                    // An answer that asks an open one is anybody's guess.
                    (Err(_), _) => true,
                    (Ok(_), Err(_)) => false,
                };
                if !same {
                    let json = to_json(&policy.schema, &request);
                    return Err(format!(
                        "{}.{}: {expected:?}, {found:?} at {json}",
                        declared.name, declared.answers[answer].name
                    ));
                }
            }
        }
    }
    Ok(())
}

/// Tallies many seeds on two threads.
pub fn run(seeds: std::ops::Range<u64>, requests: usize, further: Further<'_>) -> Tally {
    let middle = seeds.start + (seeds.end - seeds.start) / 2;
    let part = |seeds: std::ops::Range<u64>| {
        let mut tally = Tally::default();
        for seed in seeds {
            tally.add(run_seed(seed, requests, further));
            if !tally.differences.is_empty() {
                break;
            }
        }
        tally
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(move || part(middle..seeds.end));
        let mut tally = part(seeds.start..middle);
        if let Ok(other) = other.join() {
            tally.add(other);
        }
        tally
    })
}

/// A number from the environment, for longer runs.
pub fn setting(name: &str, default: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Removes paragraphs as long as the difference stays, so that what is reported is small.
pub fn minimal(source: &Source, still: impl Fn(&Source) -> bool) -> Source {
    let mut small = source.clone();
    let mut place = small.paragraphs.len();
    while place > 0 {
        place -= 1;
        let mut smaller = small.clone();
        smaller.paragraphs.remove(place);
        if still(&smaller) {
            small = smaller;
            place = small.paragraphs.len();
        }
    }
    small
}

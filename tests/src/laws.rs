//! The laws of the language, each as a property of random policies.
//! In: a seed. Out: whether the law holds there, or what breaks it. Refuses to know how policies are compiled.

use crate::differential::read;
use crate::generate::{self, Paragraph, Random, Requests, Source, to_json};
use keyward::eval::{self, Undecided};
use keyward::schema::{AnswerKind, DecisionId, Schema, Value};
use keyward::typed::{AnswerValue, Policy};
use keyward::value::{Request, Source as Reason, Status};
use std::collections::BTreeSet;

/// How a law fared on one seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It holds, as far as so many requests show.
    Holds(usize),
    /// The policy is not one the law speaks of.
    Silent,
    /// It does not hold.
    Broken(String),
}

/// A law.
pub type Law = fn(u64) -> Verdict;

/// Every law, by name.
pub const LAWS: &[(&str, Law)] = &[
    ("the order of paragraphs is irrelevant", order),
    ("saying a rule twice changes nothing", twice),
    ("a duty only grows when a rule is added", growth),
    ("saying the strictest never relaxes", strictest),
    ("an exception changes nothing elsewhere", locality),
    ("formatting never changes a decision", formatting),
    ("formatting twice changes nothing", idempotent),
    ("invalid requests are unsure", unsure),
    ("reasons are rules that apply", reasons),
    ("an assumption changes no valid decision", assumption),
];

/// How many requests each policy is asked.
const REQUESTS: usize = 6;

/// A policy and requests for it; nothing if it is refused.
fn sample(seed: u64) -> Option<(Source, Policy, Vec<Request>)> {
    let source = generate::policy(seed);
    let policy = read(&[source.text()]).ok()?;
    let mut random = Random::new(seed ^ 0x1A3);
    let maker = Requests::new(&policy);
    let requests = (0..REQUESTS).map(|_| maker.complete(&mut random)).collect();
    Some((source, policy, requests))
}

/// What is decided, without names of rules: status and answers.
fn decided(policy: &Policy, name: &str, request: &Request) -> Result<(Status, Vec<AnswerValue>), Undecided> {
    let decision = policy.schema.decision(name).ok_or(Undecided::Unknown)?;
    let outcome = eval::decide(policy, decision, request)?;
    Ok((outcome.status, outcome.answers))
}

/// The same request for another policy with the same inputs, perhaps in another order.
fn carried(from: &Schema, to: &Schema, request: &Request) -> Request {
    let value = |name: &str| from.input(name).and_then(|input| request.get(input)).cloned();
    Request { values: to.inputs.iter().map(|input| value(&input.name)).collect() }
}

/// Compares two policies on requests; a gap or conflict must be one in both.
fn same(first: &Policy, second: &Policy, requests: &[Request]) -> Verdict {
    for request in requests {
        let other = carried(&first.schema, &second.schema, request);
        for decision in &first.schema.decisions {
            let (a, b) = (decided(first, &decision.name, request), decided(second, &decision.name, &other));
            let alike = match (&a, &b) {
                (Ok(a), Ok(b)) => a == b,
                (Err(_), Err(_)) => true,
                _ => false,
            };
            if !alike {
                let json = to_json(&first.schema, request);
                return Verdict::Broken(format!("{}: {a:?}, then {b:?} at {json}", decision.name));
            }
        }
    }
    Verdict::Holds(requests.len())
}

/// The same policy from another text.
fn same_as(first: &Policy, text: String, requests: &[Request]) -> Verdict {
    match read(std::slice::from_ref(&text)) {
        Ok(second) => same(first, &second, requests),
        Err(found) => Verdict::Broken(format!("{found:?} in\n{text}")),
    }
}

fn order(seed: u64) -> Verdict {
    let Some((source, policy, requests)) = sample(seed) else { return Verdict::Silent };
    let shuffled = source.shuffled(&mut Random::new(seed ^ 0xABC));
    same_as(&policy, shuffled.text(), &requests)
}

fn twice(seed: u64) -> Verdict {
    let Some((mut source, policy, requests)) = sample(seed) else { return Verdict::Silent };
    let is_parent = |name: &str| {
        policy.rules.iter().any(|rule| rule.parents.iter().any(|parent| policy.rules[*parent].name == name))
    };
    let rules = source.paragraphs.iter().filter(|it| matches!(it.kind, "rule" | "exception"));
    let rules: Vec<Paragraph> = rules.filter(|it| !is_parent(&it.name)).cloned().collect();
    let Some(chosen) = Random::new(seed).pick(&rules).cloned() else { return Verdict::Silent };
    let (from, to) = (format!("{} {}", chosen.kind, chosen.name), format!("{} {}_again", chosen.kind, chosen.name));
    source.paragraphs.push(Paragraph {
        text: chosen.text.replacen(&from, &to, 1),
        name: format!("{}_again", chosen.name),
        kind: chosen.kind,
    });
    same_as(&policy, source.text(), &requests)
}

/// An answer of a kind, of any decision.
fn answer_of(policy: &Policy, random: &mut Random, wanted: fn(&AnswerKind) -> bool) -> Option<(DecisionId, usize)> {
    let decisions = policy.schema.decisions.iter().enumerate();
    let all: Vec<(DecisionId, usize)> = decisions
        .flat_map(|(d, decision)| decision.answers.iter().enumerate().map(move |(a, answer)| (d, a, &answer.kind)))
        .filter(|(_, _, kind)| wanted(kind))
        .map(|(d, a, _)| (d, a))
        .collect();
    random.pick(&all).copied()
}

/// The source with a rule that says one thing of one answer, on a condition taken from another rule that asks no answer.
fn with_rule(source: &Source, policy: &Policy, random: &mut Random, at: (DecisionId, usize), says: &str) -> String {
    let anchor = policy.schema.inputs.first().map(|input| (input.name.clone(), input.ty.labels().to_vec()));
    let condition = match anchor {
        Some((name, labels)) if !labels.is_empty() && random.chance(70) => {
            format!("when {name} is not {}", labels[random.below(labels.len())].name)
        }
        _ => "always".to_owned(),
    };
    let decision = &policy.schema.decisions[at.0];
    let answer = &decision.answers[at.1].name;
    let added = format!("rule added {condition} then {}.{answer} {says} because \"Added.\"", decision.name);
    format!("{}{added}\n", source.text())
}

fn growth(seed: u64) -> Verdict {
    let Some((source, policy, requests)) = sample(seed) else { return Verdict::Silent };
    let mut random = Random::new(seed ^ 0x670);
    let Some(at) = answer_of(&policy, &mut random, |kind| matches!(kind, AnswerKind::SetOf(_))) else {
        return Verdict::Silent;
    };
    let labels = policy.schema.decisions[at.0].answers[at.1].kind.labels();
    let says = format!("include {}", labels[random.below(labels.len())].name);
    added(&source, &policy, &requests, &mut random, at, &says, |before, after| match (before, after) {
        (AnswerValue::Set(before), AnswerValue::Set(after)) => before & !after == 0,
        (before, after) => before == after,
    })
}

fn strictest(seed: u64) -> Verdict {
    let Some((source, policy, requests)) = sample(seed) else { return Verdict::Silent };
    let mut random = Random::new(seed ^ 0x57B);
    let Some(at) = answer_of(&policy, &mut random, |kind| matches!(kind, AnswerKind::Strictest(_))) else {
        return Verdict::Silent;
    };
    let labels = policy.schema.decisions[at.0].answers[at.1].kind.labels();
    let last = random.chance(50);
    let place = if last { labels.len() - 1 } else { random.below(labels.len()) };
    let says = format!("is {}", labels[place].name);
    // Saying the very strictest never relaxes anything; saying less may replace `normally`, but not another rule.
    let mut bare = policy.clone();
    if !last && let Some(normally) = &mut bare.decisions[at.0].normally {
        normally.effects.retain(|effect| effect.answer != at.1);
    }
    added(&source, &bare, &requests, &mut random, at, &says, |before, after| before <= after)
}

/// Compares one answer before and after a rule was added; where it was not decided before, everything is allowed.
fn added(
    source: &Source,
    before: &Policy,
    requests: &[Request],
    random: &mut Random,
    at: (DecisionId, usize),
    says: &str,
    allowed: fn(AnswerValue, AnswerValue) -> bool,
) -> Verdict {
    let text = with_rule(source, before, random, at, says);
    let after = match read(std::slice::from_ref(&text)) {
        Ok(after) => after,
        Err(found) => return Verdict::Broken(format!("{found:?} in\n{text}")),
    };
    for request in requests.iter().filter(|request| eval::is_valid(before, request)) {
        let value = |policy: &Policy| eval::answer(policy, at.0, at.1, request);
        if let Ok(old) = value(before) {
            match value(&after) {
                Ok(new) if allowed(old, new) => {}
                new => {
                    return Verdict::Broken(format!(
                        "{old:?} became {new:?} at {}\n{text}",
                        to_json(&before.schema, request)
                    ));
                }
            }
        }
    }
    Verdict::Holds(requests.len())
}

fn locality(seed: u64) -> Verdict {
    let Some((_, policy, requests)) = sample(seed) else { return Verdict::Silent };
    let leaf = |rule: &usize| {
        !policy.rules[*rule].parents.is_empty() && !policy.rules.iter().any(|other| other.parents.contains(rule))
    };
    let leaves: Vec<usize> = (0..policy.rules.len()).filter(leaf).collect();
    let Some(last) = leaves.last().copied() else { return Verdict::Silent };
    let exception = policy.rules[last].clone();
    let mut without = policy.clone();
    without.rules[last].effects.clear();
    for request in requests.iter().filter(|request| eval::is_valid(&policy, request)) {
        let holds = |condition| eval::holds(&policy, condition, request).unwrap_or(true);
        let parents = exception.parents.iter().any(|parent| holds(&policy.rules[*parent].condition));
        if holds(&exception.condition) && parents {
            continue;
        }
        if let broken @ Verdict::Broken(_) = same(&policy, &without, std::slice::from_ref(request)) {
            return broken;
        }
    }
    Verdict::Holds(requests.len())
}

fn formatting(seed: u64) -> Verdict {
    let Some((source, policy, requests)) = sample(seed) else { return Verdict::Silent };
    match format(&source.text()) {
        Some(text) => same_as(&policy, text, &requests),
        None => Verdict::Broken("not formatted".to_owned()),
    }
}

fn idempotent(seed: u64) -> Verdict {
    let source = generate::policy(seed).text();
    let Some(once) = format(&source) else { return Verdict::Broken("not formatted".to_owned()) };
    match format(&once) {
        Some(again) if again == once => Verdict::Holds(1),
        again => Verdict::Broken(format!("{once}\nbecame\n{again:?}")),
    }
}

fn format(text: &str) -> Option<String> {
    let (tree, _) = keyward::parse::parse(keyward::span::FileId(0), text);
    keyward::format::format(&tree, text)
}

/// Deny by default: what is not valid gets the `if unsure` record, and no rule is named.
fn unsure(seed: u64) -> Verdict {
    let Some((_, policy, requests)) = sample(seed) else { return Verdict::Silent };
    for request in &requests {
        let mut broken = request.clone();
        if let Some(first) = broken.values.first_mut() {
            *first = Some(Value::Choice(99));
        }
        for decision in 0..policy.schema.decisions.len() {
            let fine = eval::decide(&policy, decision, &broken).is_ok_and(|outcome| {
                outcome.status == Status::UnsureInvalid
                    && outcome.answers == policy.decisions[decision].unsure
                    && outcome.why.is_empty()
            });
            if !fine {
                return Verdict::Broken(to_json(&policy.schema, &broken).to_string());
            }
        }
    }
    Verdict::Holds(requests.len())
}

/// Every rule that is named applies, and every value that no rule is named for comes from `normally`, or is empty.
fn reasons(seed: u64) -> Verdict {
    let Some((_, policy, requests)) = sample(seed) else { return Verdict::Silent };
    for request in requests.iter().filter(|request| eval::is_valid(&policy, request)) {
        for decision in 0..policy.schema.decisions.len() {
            let Ok(outcome) = eval::decide(&policy, decision, request) else { continue };
            let mut explained = BTreeSet::new();
            for (_, reason) in &outcome.why {
                let effects = match reason {
                    Reason::Rule(rule) => {
                        if eval::holds(&policy, &policy.rules[*rule].condition, request) != Ok(true) {
                            return Verdict::Broken(format!("{} does not apply", policy.rules[*rule].name));
                        }
                        Some(&policy.rules[*rule].effects)
                    }
                    Reason::Normally => policy.decisions[decision].normally.as_ref().map(|normally| &normally.effects),
                };
                explained.extend(effects.into_iter().flatten().map(|effect| effect.answer));
            }
            for (answer, value) in outcome.answers.iter().enumerate() {
                let silent = matches!(value, AnswerValue::Blank | AnswerValue::Set(0) | AnswerValue::NoLimit);
                if !silent && !explained.contains(&answer) {
                    return Verdict::Broken(format!("{value:?} has no reason in {:?}", outcome.why));
                }
            }
        }
    }
    Verdict::Holds(requests.len())
}

fn assumption(seed: u64) -> Verdict {
    let Some((_, policy, requests)) = sample(seed) else { return Verdict::Silent };
    if policy.assumes.is_empty() {
        return Verdict::Silent;
    }
    let mut free = policy.clone();
    free.assumes.clear();
    let valid: Vec<Request> = requests.into_iter().filter(|request| eval::is_valid(&policy, request)).collect();
    same(&policy, &free, &valid)
}

/// What a law came to over many seeds.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Seeds on which it holds.
    pub holds: usize,
    /// Seeds it does not speak of.
    pub silent: usize,
    /// The first seed that breaks it, and how.
    pub broken: Option<(u64, String)>,
}

/// Tries a law on seeds until it held so many times.
pub fn try_law(law: Law, cases: usize, seed: u64) -> Record {
    let mut record = Record::default();
    let mut at = seed;
    while record.holds < cases && record.broken.is_none() && record.silent < cases * 20 {
        match law(at) {
            Verdict::Holds(_) => record.holds += 1,
            Verdict::Silent => record.silent += 1,
            Verdict::Broken(how) => record.broken = Some((at, how)),
        }
        at += 1;
    }
    record
}

//! The files of one place and what is asked about them. In: names and texts, the name of a file, wishes. Out: JSON, the same as
//! that of the `keyward` command, modules, text. Each file is compiled once. Refuses to know JavaScript; a name that does not
//! exist is an error, what is wrong with a policy is data.

use keyward::compare::Incomparable;
use keyward::diagram::Ref;
use keyward::draw::{MOST_QUESTIONS, Undrawn, draw};
use keyward::emit::{Emitted, Options};
use keyward::explain::{Audience, Question, explain};
use keyward::pipeline::{self, Compiled, NotCompared};
use keyward::render::json::{array, diagnostics, object, string};
use keyward::replay::line::Mistake;
use keyward::report;
use keyward::schema::{AnswerId, DecisionId, FIRST_DAY, LAST_DAY, Label, Value};
use keyward::sheet::sheet;
use keyward::source::Sources;
use keyward::space::packed::unpack;
use keyward::space::slots::Slots;
use keyward::span::FileId;
use keyward::tabulate::{Reading, Wish, tabulate};
use std::collections::BTreeMap;

/// How many equally near changes are listed.
const TIES: usize = 8;

/// Files, read once.
pub struct Files {
    project: pipeline::Project,
    compiled: BTreeMap<FileId, Compiled>,
    /// Modules, with reasons or without; that of a policy with broken promises is only handed out to try requests with.
    made: BTreeMap<(FileId, bool), Emitted>,
}

/// What is looked at.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// A decision; all of them if none.
    pub decision: Option<String>,
    /// Answers by name; all of them if none.
    pub answers: Vec<String>,
    /// A condition that narrows; empty for all requests.
    pub only: String,
}

/// Why there is no answer to a question: the caller's mistake, or errors in the policy.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// A name that does not exist, a request that is none.
    Misuse(String),
    /// What is wrong with the policy, as JSON.
    Found(String),
    /// Too much to look at; a sentence.
    TooMuch(String),
}

impl Files {
    /// Reads files; one of them may be the lock of the others.
    pub fn new(files: impl IntoIterator<Item = (String, String)>, lock: Option<&str>) -> Files {
        let mut sources = Sources::new();
        let mut lock_file = None;
        for (name, text) in files {
            let is_lock = lock == Some(name.as_str());
            let file = sources.add(name, text);
            lock_file = lock_file.or(is_lock.then_some(file));
        }
        Files { project: pipeline::Project::read(sources, lock_file), compiled: BTreeMap::new(), made: BTreeMap::new() }
    }

    fn main(&self, name: &str) -> Result<FileId, Trouble> {
        let found = self.project.sources.iter().find(|(_, source)| source.name() == name);
        found.map(|(file, _)| file).ok_or_else(|| Trouble::Misuse(format!("there is no file {name}")))
    }

    fn compiled(&mut self, main: FileId) -> &mut Compiled {
        self.compiled.entry(main).or_insert_with(|| self.project.compile(main))
    }

    /// A compiled policy that answers every request.
    fn sound(&mut self, name: &str) -> Result<&mut Compiled, Trouble> {
        let main = self.main(name)?;
        self.compiled(main);
        let sources = &self.project.sources;
        match self.compiled.get_mut(&main) {
            Some(compiled) if compiled.answers_everything() => Ok(compiled),
            Some(compiled) => {
                let errors: Vec<_> = compiled.diagnostics.iter().filter(|one| one.is_error()).cloned().collect();
                if errors.is_empty() {
                    return Err(Trouble::TooMuch(format!("{name} has no decision; it is words for other policies")));
                }
                Err(Trouble::Found(diagnostics(sources, &errors)))
            }
            None => Err(Trouble::Misuse(format!("there is no file {name}"))),
        }
    }

    /// Everything that is wrong, and what is proved: the members of `keyward check`.
    pub fn check(&mut self, name: &str) -> Result<String, Trouble> {
        let main = self.main(name)?;
        self.compiled(main);
        let compiled = &self.compiled[&main];
        let (policy, report) = (compiled.policy.as_ref(), compiled.report.as_ref());
        let mut fields = report::check::json(name, policy, report, &compiled.diagnostics);
        let sources = &self.project.sources;
        let asserts = report.map_or(&[][..], |report| &report.asserts);
        let tests = report.map_or(&[][..], |report| &report.tests);
        fields.push(("promises", array(asserts.iter().map(|one| object(&report::prove::assert(sources, one))))));
        fields.push(("examples", array(tests.iter().map(|one| object(&report::prove::test(sources, one))))));
        fields.push(("diagnostics", diagnostics(sources, &compiled.diagnostics)));
        Ok(object(&fields))
    }

    /// The one spelling of a file; nothing while it cannot be read.
    pub fn format(&self, name: &str) -> Result<Option<String>, Trouble> {
        let main = self.main(name)?;
        let readable = !self.project.parse_findings(main).iter().any(|one| one.is_error());
        let (tree, source) = (self.project.tree(main), self.project.sources.get(main));
        Ok(tree
            .zip(source)
            .filter(|_| readable)
            .and_then(|(tree, source)| keyward::format::format(tree, source.text())))
    }

    /// The module. `trial` makes one although promises are broken, to try requests with.
    pub fn build(&mut self, name: &str, strip: bool, trial: bool) -> Result<&Emitted, Trouble> {
        let main = self.main(name)?;
        self.compiled(main);
        let compiled = &self.compiled[&main];
        let strip = strip && !trial;
        // A trial is the module with reasons, so both share it; without a trial broken promises stand in the way.
        if !self.made.contains_key(&(main, strip)) || (!trial && compiled.has_errors()) {
            let made = if trial { compiled.trial() } else { compiled.module(Options { strip }) };
            let made = made.map_err(|errors| Trouble::Found(diagnostics(&self.project.sources, &errors)))?;
            self.made.insert((main, strip), made);
        }
        self.made.get(&(main, strip)).ok_or_else(|| Trouble::Misuse(format!("{name} has no module")))
    }

    /// Types for another language.
    pub fn types(&mut self, name: &str, language: report::types::Language) -> Result<String, Trouble> {
        let hash = self.build(name, true, true)?.schema_hash;
        let model = self.sound(name)?.model.as_ref();
        Ok(model.map_or_else(String::new, |model| report::types::types(model, hash, language)))
    }

    /// Decision tables, in the form that `written` gives them.
    pub fn table(&mut self, name: &str, look: &Look, otherwise: bool, form: &str) -> Result<String, Trouble> {
        let reading = if otherwise { Reading::TopDown } else { Reading::OneRow };
        self.looked(name, look, |found| {
            let tables = found.answers.iter().map(|&(decision, answer)| {
                let wish = Wish { decision, answer, requests: found.requests, reading, rules: form == "json" };
                tabulate(found.policy, found.model, found.sources, wish)
            });
            let all: Vec<_> = tables.collect();
            match form {
                "json" => Ok(report::table::json(&all, found.policy)),
                "markdown" => Ok(report::table::markdown(&all)),
                "csv" => Ok(report::table::csv(&all)),
                "html" => Ok(report::table::html(&all, title(found.policy))),
                other => Err(Trouble::Misuse(format!("tables are json, markdown, csv or html, not {other}"))),
            }
        })
    }

    /// The diagram of the first answer that is meant.
    pub fn draw(&mut self, name: &str, look: &Look, form: &str) -> Result<String, Trouble> {
        self.looked(name, look, |found| {
            let Some(&answer) = found.answers.first() else { return Err(Trouble::Misuse("no answer is meant".into())) };
            let diagram = draw(found.policy, found.model, answer, found.requests).map_err(|undrawn| {
                Trouble::TooMuch(match undrawn {
                    Undrawn::TooMany(count) => {
                        format!("the diagram would have {count} questions; {MOST_QUESTIONS} is the most")
                    }
                    Undrawn::Exploded => "the diagram grew too large".to_owned(),
                })
            })?;
            match form {
                "json" => Ok(report::draw::json(&diagram)),
                "svg" => Ok(report::draw::svg(&diagram, title(found.policy))),
                "dot" => Ok(report::draw::dot(&diagram)),
                other => Err(Trouble::Misuse(format!("diagrams are json, svg or dot, not {other}"))),
            }
        })
    }

    /// The hours of a year from a day on.
    pub fn year(&mut self, name: &str, from: i64, form: &str) -> Result<String, Trouble> {
        let main = self.main(name)?;
        let (first, last) = (i64::from(FIRST_DAY), i64::from(LAST_DAY) - 365);
        self.compiled(main);
        let Some(policy) = &self.compiled[&main].policy else {
            return Err(Trouble::Found(diagnostics(&self.project.sources, &self.compiled[&main].diagnostics)));
        };
        let sheet = sheet(policy, &self.project.sources, from.clamp(first, last));
        match form {
            "json" => Ok(report::sheet::json(&sheet)),
            "svg" => Ok(report::sheet::svg(&sheet, title(policy))),
            other => Err(Trouble::Misuse(format!("a year is json or svg, not {other}"))),
        }
    }

    /// Why a packed request is answered as it is; `given` names its identifiers, by input.
    pub fn why(
        &mut self,
        name: &str,
        packed: &[u8],
        given: &BTreeMap<String, String>,
        look: &Look,
        audience: &str,
    ) -> Result<String, Trouble> {
        let audience = match audience {
            "person" => Audience::Person,
            "operator" => Audience::Operator,
            "author" => Audience::Author,
            other => return Err(Trouble::Misuse(format!("an audience is person, operator or author, not {other}"))),
        };
        let hash = self.build(name, true, true)?.schema_hash;
        let compiled = self.sound(name)?;
        let (Some(policy), Some(model)) = (&compiled.policy, &mut compiled.model) else {
            return Err(Trouble::Misuse(format!("{name} is no policy")));
        };
        let answers = policy.schema.answers(look.decision.as_deref(), &look.answers).map_err(Trouble::Misuse)?;
        let Some(&(decision, answer)) = answers.first() else {
            return Err(Trouble::Misuse("no answer is meant".into()));
        };
        let answer = (look.answers.len() == 1).then_some(answer);
        let mut request =
            unpack(model, &Slots::of_model(model), hash, packed).map_err(|error| Trouble::Misuse(error.to_string()))?;
        for (input, value) in request.values.iter_mut().enumerate() {
            if let (Some(Value::Identifier(own)), Some(name)) = (value, given.get(&model.schema.inputs[input].name)) {
                name.clone_into(own);
            }
        }
        let question = Question { decision, answer, audience, ties: TIES };
        let found = explain(policy, model, &request, &question);
        found.map(|found| object(&report::why::json(&found))).map_err(|trouble| Trouble::TooMuch(trouble.to_string()))
    }

    /// What the tests leave untried, and tests for it.
    pub fn cases(&mut self, name: &str) -> Result<String, Trouble> {
        let main = self.main(name)?;
        self.sound(name)?;
        let cases = self.project.cases(main);
        let cases = cases.ok_or_else(|| Trouble::TooMuch("the rules are too entangled".to_owned()))?;
        let mut fields = report::cases::json(&cases, &self.project.sources);
        fields.push(("written", string(&report::cases::written(&cases.proposed))));
        Ok(object(&fields))
    }

    /// What changes between a file of another place and one of this.
    pub fn diff(&mut self, name: &str, older: &mut Files, old: &str, markdown: bool) -> Result<String, Trouble> {
        older.sound(old)?;
        self.sound(name)?;
        let (before, after) = (older.main(old)?, self.main(name)?);
        let compared = pipeline::compared(&older.compiled[&before], &self.compiled[&after]);
        let comparison = compared.map_err(|why| not_compared(&why, old, name))?;
        Ok(if markdown { report::compare::markdown(&comparison) } else { object(&report::compare::json(&comparison)) })
    }

    /// Past decisions decided again by the newer version.
    pub fn replay(&mut self, name: &str, older: &mut Files, old: &str, log: &str) -> Result<String, Trouble> {
        older.sound(old)?;
        self.sound(name)?;
        let (before, after) = (older.main(old)?, self.main(name)?);
        let (before, after) = (&older.compiled[&before], &self.compiled[&after]);
        let ready = pipeline::replaying(before, after).map_err(|why| not_compared(&why, old, name))?;
        let Some(mut replay) = ready.start(before, after) else {
            return Err(Trouble::TooMuch(format!("{name} has no decision")));
        };
        let mut lines = log.split_inclusive('\n');
        let mistake = lines.find_map(|line| {
            let whole = line.strip_suffix('\n');
            replay.feed(whole.unwrap_or(line).as_bytes(), whole.is_some()).err()
        });
        let found = replay.finish();
        match mistake.as_ref().or(found.as_ref().err()) {
            None | Some(Mistake::Truncated(_)) => {}
            Some(mistake) => return Err(Trouble::TooMuch(mistake.to_string())),
        }
        let found = found.map_err(|mistake| Trouble::TooMuch(mistake.to_string()))?;
        let mut fields = report::replay::json(&found, &ready.comparison);
        fields.push(("cut_off", mistake.map_or("null".to_string(), |mistake| string(&mistake.to_string()))));
        Ok(object(&fields))
    }

    /// Every name of all files, its place and its uses.
    #[must_use]
    pub fn names(&self) -> String {
        report::index::json(&self.project.sources, &self.project.index())
    }

    /// How much of the request space rules, terms and values of answers speak for.
    pub fn shares(&mut self, name: &str) -> Result<String, Trouble> {
        let main = self.main(name)?;
        self.sound(name)?;
        let compiled = self.compiled(main);
        let survey = compiled.survey().ok_or_else(|| Trouble::TooMuch("the rules are too entangled".to_owned()))?;
        let compiled = &self.compiled[&main];
        let (Some(policy), Some(found)) = (&compiled.policy, &compiled.report) else {
            return Err(Trouble::Misuse(format!("{name} is no policy")));
        };
        Ok(report::survey::json(&self.project.sources, &policy.schema, &survey, &found.shares))
    }

    /// The words behind the names of a policy: inputs, values, answers.
    pub fn schema(&mut self, name: &str) -> Result<String, Trouble> {
        let main = self.main(name)?;
        self.compiled(main);
        match &self.compiled[&main].policy {
            Some(policy) => Ok(labels(policy)),
            None => Err(Trouble::Found(diagnostics(&self.project.sources, &self.compiled[&main].diagnostics))),
        }
    }

    fn looked<T>(
        &mut self,
        name: &str,
        look: &Look,
        show: impl FnOnce(&Looked<'_>) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let main = self.main(name)?;
        self.sound(name)?;
        let narrowed = if look.only.is_empty() { None } else { Some(self.narrowed(main, &look.only)?) };
        let (sources, compiled, requests) = match &narrowed {
            Some((project, compiled, requests)) => (&project.sources, compiled, *requests),
            None => (&self.project.sources, &self.compiled[&main], Ref::TRUE),
        };
        let (Some(policy), Some(model)) = (&compiled.policy, &compiled.model) else {
            return Err(Trouble::Misuse(format!("{name} is no policy")));
        };
        let answers = policy.schema.answers(look.decision.as_deref(), &look.answers).map_err(Trouble::Misuse)?;
        show(&Looked { policy, model, sources, requests, answers })
    }

    /// The same policy, with the requests that a condition leaves.
    fn narrowed(&self, main: FileId, only: &str) -> Result<(pipeline::Project, Compiled, Ref), Trouble> {
        let (project, main) = self.project.narrowed(main, only);
        let mut compiled = project.compile(main);
        if let Some(error) = compiled.diagnostics.iter().find(|one| one.is_error()) {
            return Err(Trouble::Misuse(format!("{}, in: {only}", error.message)));
        }
        let requests = compiled.narrowed();
        let requests = requests.ok_or_else(|| Trouble::Misuse(format!("nothing is narrowed by: {only}")))?;
        Ok((project, compiled, requests))
    }
}

/// What is shown.
struct Looked<'a> {
    policy: &'a keyward::typed::Policy,
    model: &'a keyward::model::Model,
    sources: &'a Sources,
    requests: Ref,
    answers: Vec<(DecisionId, AnswerId)>,
}

fn not_compared(why: &NotCompared, old: &str, new: &str) -> Trouble {
    Trouble::TooMuch(match why {
        NotCompared::Unsound(newer) => format!("{} has no decision", if *newer { new } else { old }),
        NotCompared::Incomparable(Incomparable::NothingInCommon(..)) => {
            "the two versions have no decision in common".to_owned()
        }
        NotCompared::Incomparable(Incomparable::Entangled(inputs)) => {
            format!("the two versions together entangle {} too much to compare", inputs.join(", "))
        }
        NotCompared::Entangled(sentence) => sentence.clone(),
    })
}

/// What people call inputs, their values, decisions, answers and theirs; only what has words of its own.
fn labels(policy: &keyward::typed::Policy) -> String {
    let values = |labels: &[Label]| {
        let worded = labels.iter().filter(|label| !label.text.is_empty());
        let fields: Vec<(&str, String)> = worded.map(|label| (label.name.as_str(), string(&label.text))).collect();
        object(&fields)
    };
    let inputs = policy.schema.inputs.iter().map(|input| {
        let fields = [("text", string(&input.text)), ("values", values(input.ty.labels()))];
        (input.name.as_str(), object(&fields))
    });
    let decisions = policy.schema.decisions.iter().map(|decision| {
        let answers = decision.answers.iter().map(|answer| {
            let fields = [("text", string(&answer.text)), ("values", values(answer.kind.labels()))];
            (answer.name.as_str(), object(&fields))
        });
        let answers: Vec<(&str, String)> = answers.collect();
        (decision.name.as_str(), object(&[("text", string(&decision.text)), ("answers", object(&answers))]))
    });
    let (inputs, decisions): (Vec<_>, Vec<_>) = (inputs.collect(), decisions.collect());
    object(&[("inputs", object(&inputs)), ("decisions", object(&decisions))])
}

fn title(policy: &keyward::typed::Policy) -> &str {
    if policy.title.is_empty() { &policy.name } else { &policy.title }
}

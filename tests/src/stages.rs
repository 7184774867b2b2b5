//! The stages that a text case can name, each one line in a table: sources in, printed text out.

use crate::case::{Case, Expected};
use crate::differential::{self, Refusal};
use crate::{findings, generate, report};
use keyward::diagnostic::Diagnostic;
use keyward::explain::{Audience, Question, explain};
use keyward::parse::parse;
use keyward::pipeline::{Compiled, Project, compared};
use keyward::render::{Look, text};
use keyward::source::Sources;
use keyward::span::FileId;

/// What a stage is given.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Files: name and text. The first is the one that is compiled.
    pub sources: &'a [(String, String)],
    /// The words behind the name of the stage.
    pub words: &'a str,
    /// What stands in the block now; lines that start with `> ` are questions to the stage.
    pub block: &'a str,
}

impl Input<'_> {
    /// All files, read once; the first is the one that is meant.
    pub fn project(&self) -> Project {
        let mut sources = Sources::new();
        for (name, text) in self.sources {
            sources.add(name.as_str(), text.as_str());
        }
        Project::read(sources, None)
    }

    /// The questions in the block, answered one by one: each question again, and below it what `answer` says.
    pub fn answered(&self, mut answer: impl FnMut(&str) -> String) -> String {
        let questions = self.block.lines().filter_map(|line| line.strip_prefix("> "));
        questions.map(|question| format!("> {question}\n{}\n", answer(question).trim_end())).collect()
    }
}

/// One stage.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// The word behind the fence.
    pub name: &'static str,
    /// Prints what the stage makes of the sources.
    pub print: fn(&Input<'_>) -> String,
}

/// Every stage.
pub const STAGES: &[Stage] = &[
    Stage { name: "lines", print: lines },
    Stage { name: "check", print: |input| findings::print(input.sources) },
    Stage { name: "diagnostics", print: diagnostics },
    Stage { name: "codes", print: codes },
    Stage { name: "format", print: format },
    Stage { name: "report", print: report },
    Stage { name: "decide", print: decide },
    Stage { name: "compare", print: compare },
    Stage { name: "why", print: why },
];

/// What every expected block of a case should hold; a stage that panics is a problem, not an output.
pub fn outputs(case: &Case, stages: &[Stage]) -> Vec<Result<String, String>> {
    let print = |expected: &Expected| {
        let Some(stage) = stages.iter().find(|stage| stage.name == expected.stage) else {
            let known: Vec<_> = stages.iter().map(|stage| stage.name).collect();
            return Err(format!("there is no stage `{}`, only {}", expected.stage, known.join(", ")));
        };
        let input = Input { sources: &case.sources, words: &expected.words, block: &expected.text };
        std::panic::catch_unwind(|| (stage.print)(&input)).map_err(|_| format!("the stage `{}` panicked", stage.name))
    };
    case.expected.iter().map(print).collect()
}

/// The files and the number of their lines: the stage that needs no compiler.
fn lines(input: &Input<'_>) -> String {
    input.sources.iter().map(|(name, text)| format!("{name} {}\n", text.lines().count())).collect()
}

/// Everything found in the policy, as the command prints it.
fn diagnostics(input: &Input<'_>) -> String {
    let project = input.project();
    let compiled = project.compile(FileId(0));
    if compiled.diagnostics.is_empty() {
        return "nothing to say\n".to_owned();
    }
    text::diagnostics(&project.sources, &compiled.diagnostics, Look::default())
}

/// The codes of what was found and their lines, for cases about finding rather than wording.
fn codes(input: &Input<'_>) -> String {
    let project = input.project();
    let line = |found: &Diagnostic| {
        let place = project.sources.place(found.primary.span);
        let name = project.sources.get(found.primary.span.file).map_or("?", |file| file.name());
        format!("{} {name}:{} {}\n", found.code, place.line, found.message)
    };
    project.compile(FileId(0)).diagnostics.iter().map(line).collect()
}

/// The one spelling of the file; it must not change when it is spelled again.
fn format(input: &Input<'_>) -> String {
    let text = input.sources.first().map_or("", |(_, text)| text);
    let Some(once) = spelled(text) else { return "cannot be read\n".to_owned() };
    match spelled(&once) {
        Some(twice) if twice == once => once,
        _ => format!("DIFFERS WHEN FORMATTED AGAIN\n{once}"),
    }
}

fn spelled(text: &str) -> Option<String> {
    let (tree, found) = parse(FileId(0), text);
    if found.iter().any(Diagnostic::is_error) {
        return None;
    }
    keyward::format::format(&tree, text)
}

/// What is proved: the size of the policy, each test, each assert, and with the word `shares` how often each answer is given.
fn report(input: &Input<'_>) -> String {
    let Compiled { policy, report, .. } = input.project().compile(FileId(0));
    match (policy, report) {
        (Some(policy), Some(report)) => report::print(&policy, &report, input.words == "shares"),
        _ => "not analysed\n".to_owned(),
    }
}

/// The first file is the older version, the second the newer one: what `keyward diff` prints; with `markdown`, as Markdown.
fn compare(input: &Input<'_>) -> String {
    let compile = |at: usize| {
        let mut sources = Sources::new();
        for (name, text) in input.sources.iter().skip(at).take(1) {
            sources.add(name.as_str(), text.as_str());
        }
        Project::read(sources, None).compile(FileId(0))
    };
    match compared(&compile(0), &compile(1)) {
        Ok(comparison) if input.words == "markdown" => keyward::report::compare::markdown(&comparison),
        Ok(comparison) => keyward::report::compare::text(&comparison, Look::default(), false),
        Err(why) => format!("{why:?}\n"),
    }
}

/// Each question is a request; the oracle answers, and the diagram and the table of the module must say the same.
fn decide(input: &Input<'_>) -> String {
    // The main file comes last there.
    let texts: Vec<String> = input.sources.iter().rev().map(|(_, text)| text.clone()).collect();
    let built = match differential::build(&texts) {
        Ok(built) => built,
        Err(Refusal::Refuted(refuted)) => return refused(&refuted.2),
        Err(Refusal::Wrong(found) | Refusal::Entangled(found)) => return refused(&found),
        Err(Refusal::NotEmitted(why)) => return format!("not emitted: {why}\n"),
    };
    input.answered(|question| {
        let fields = match report::fields(question) {
            Ok(fields) => fields,
            Err(problem) => return problem,
        };
        let Some(request) = generate::from_json(&built.policy.schema, &fields) else {
            return "not a request of this policy".to_owned();
        };
        let decisions = 0..built.policy.schema.decisions.len();
        decisions.map(|decision| report::decided(&built, decision, &request)).collect()
    })
}

/// Each question is a request, complete or not; the explanation of the first decision, for the reader the word behind the
/// stage names.
fn why(input: &Input<'_>) -> String {
    let Compiled { policy: Some(policy), model: Some(mut model), .. } = input.project().compile(FileId(0)) else {
        return "not analysed\n".to_owned();
    };
    let audience = match input.words {
        "person" => Audience::Person,
        "operator" => Audience::Operator,
        _ => Audience::Author,
    };
    input.answered(|question| {
        let fields = match report::fields(question) {
            Ok(fields) => fields,
            Err(problem) => return problem,
        };
        let Some(mut request) = generate::from_json(&policy.schema, &fields) else {
            return "not a request of this policy".to_owned();
        };
        for (input, declared) in policy.schema.inputs.iter().enumerate() {
            if let (None, Some(default)) = (request.get(input), &declared.default) {
                request.set(input, default.clone());
            }
        }
        match explain(&policy, &mut model, &request, &Question { decision: 0, answer: None, audience, ties: 8 }) {
            Ok(found) => keyward::report::why::text(&found, Look::default()),
            Err(trouble) => trouble.to_string(),
        }
    })
}

fn refused(found: &[Diagnostic]) -> String {
    format!("refused: {}\n", differential::first_error(found))
}

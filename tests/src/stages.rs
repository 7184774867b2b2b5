//! The stages that a text case can name, each one line in a table: sources in, printed text out.

use crate::case::Case;
use crate::findings;

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

impl<'a> Input<'a> {
    /// The name of the file that is compiled.
    pub fn name(&self) -> &'a str {
        self.sources.first().map_or("", |(name, _)| name)
    }

    /// The text of the file that is compiled.
    pub fn text(&self) -> &'a str {
        self.sources.first().map_or("", |(_, text)| text)
    }

    /// The questions in the block, answered one by one: each question again, and below it what `answer` says.
    pub fn answered(&self, mut answer: impl FnMut(&str) -> String) -> String {
        let mut text = String::new();
        for question in self.block.lines().filter_map(|line| line.strip_prefix("> ")) {
            text.push_str(&format!("> {question}\n"));
            text.push_str(answer(question).trim_end());
            text.push('\n');
        }
        text
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
pub const STAGES: &[Stage] =
    &[Stage { name: "lines", print: lines }, Stage { name: "check", print: |input| findings::print(input.sources) }];

/// What every expected block of a case should hold; a stage that panics prints that it did.
pub fn outputs(case: &Case, stages: &[Stage]) -> Vec<Result<String, String>> {
    let print = |expected: &crate::case::Expected| {
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

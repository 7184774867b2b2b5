//! Where output goes and whether it has colour.
//! In: the colour choice, the environment, what the streams are. Out: text on standard output and standard error.
//! Refuses to fail when the reader has gone away.

use crate::args::Color;
use keyward::render::{Look, Paint};
use std::io::{IsTerminal, Write};

/// The two streams.
pub struct Terminal {
    results: Look,
    talk: Look,
    talks_to_person: bool,
}

impl Terminal {
    /// Decides about colour: the flag first, then `NO_COLOR`, then `CLICOLOR_FORCE`, then whether somebody is watching.
    pub fn new(color: Color) -> Terminal {
        let given = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let forced = given("CLICOLOR_FORCE") && std::env::var_os("CLICOLOR_FORCE").is_none_or(|value| value != "0");
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let paints = |watched: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if given("NO_COLOR") => false,
            Color::Auto => forced || (watched && !dumb),
        };
        let look = |color: bool| Look { color, ..Look::default() };
        let watched = std::io::stderr().is_terminal();
        Terminal {
            results: look(paints(std::io::stdout().is_terminal())),
            talk: look(paints(watched)),
            talks_to_person: watched && !dumb,
        }
    }

    /// How results look.
    pub fn look(&self) -> Look {
        self.results
    }

    /// How talk looks.
    pub fn talk_look(&self) -> Look {
        self.talk
    }

    /// Writes a result and a line break.
    pub fn result(&self, text: &str) {
        self.raw_result(text);
        self.raw_result("\n");
    }

    /// Writes a result as it is.
    pub fn raw_result(&self, text: &str) {
        if std::io::stdout().lock().write_all(text.as_bytes()).is_err() {
            // The reader has closed the pipe: nobody is left to tell.
            std::process::exit(0);
        }
    }

    /// Says something that is not a result.
    pub fn talk(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Asks the person; without a terminal the answer is no.
    pub fn ask(&self, question: &str) -> bool {
        if !self.talks_to_person || !std::io::stdin().is_terminal() {
            return false;
        }
        let _ = write!(std::io::stderr().lock(), "{question} [y/N] ");
        let mut answer = String::new();
        let _ = std::io::stdin().read_line(&mut answer);
        matches!(answer.trim(), "y" | "Y" | "yes")
    }

    /// Shows what is going on, in place; only to a person.
    pub fn progress(&self, text: &str) {
        if self.talks_to_person {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K{}", self.talk.paint(Paint::Faint, text));
        }
    }

    /// Takes the last progress away.
    pub fn end_progress(&self) {
        if self.talks_to_person {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[2K");
        }
    }
}

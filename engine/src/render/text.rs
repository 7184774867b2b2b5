//! One diagnostic as a person reads it: what, where, an example, how many, and the ways out.
//! In: sources and a diagnostic. Out: text. Refuses to know what the code means beyond its short name.

use super::edits::push_hint;
use super::lines::{Mark, push_lines};
use super::paint::{Look, Paint};
use super::visible::{grouped, visible, wrap};
use crate::codes::Severity;
use crate::diagnostic::{Count, Diagnostic};
use crate::source::Sources;

/// All diagnostics, an empty line between them.
pub fn diagnostics(sources: &Sources, diagnostics: &[Diagnostic], look: Look) -> String {
    let mut out = String::new();
    for (at, diagnostic) in diagnostics.iter().enumerate() {
        if at > 0 {
            out.push('\n');
        }
        push_diagnostic(&mut out, sources, diagnostic, look);
    }
    out
}

/// One diagnostic.
pub fn diagnostic(sources: &Sources, diagnostic: &Diagnostic, look: Look) -> String {
    let mut out = String::new();
    push_diagnostic(&mut out, sources, diagnostic, look);
    out
}

fn push_diagnostic(out: &mut String, sources: &Sources, diagnostic: &Diagnostic, look: Look) {
    push_title(out, diagnostic, look);
    push_lines(out, sources, &marks(diagnostic), look);
    if let Some(example) = &diagnostic.example {
        push_sentence(out, &format!("For example: {}", ended(&example.words)), look);
    }
    if let Some(count) = &diagnostic.count {
        push_sentence(out, &count_sentence(count), look);
    }
    for note in &diagnostic.notes {
        push_sentence(out, &ended(&capital(note)), look);
    }
    for hint in &diagnostic.hints {
        push_hint(out, sources, hint, look);
    }
}

/// `CONFLICT  by_email and use_pin both answer …                       KW201`.
fn push_title(out: &mut String, diagnostic: &Diagnostic, look: Look) {
    let name = diagnostic.code.entry().map_or("", |entry| entry.name).replace('-', " ").to_uppercase();
    let code = match diagnostic.severity {
        Severity::Error => diagnostic.code.to_string(),
        Severity::Warning => format!("warning {}", diagnostic.code),
        Severity::Note => format!("note {}", diagnostic.code),
    };
    let code_width = code.chars().count();
    let name_width = name.chars().count() + 2;
    let first = look.width.saturating_sub(name_width + code_width + 2);
    let lines = wrap(&ended(&visible(&diagnostic.message)), first, look.width.saturating_sub(2));
    let paint = Paint::of(diagnostic.severity);
    for (at, line) in lines.iter().enumerate() {
        if at > 0 {
            out.push_str("  ");
            out.push_str(&look.paint(Paint::Strong, line));
        } else {
            let fill = first.saturating_sub(line.chars().count()) + 2;
            out.push_str(&format!("{}  {}", look.paint(paint, &name), look.paint(Paint::Strong, line)));
            out.push_str(&" ".repeat(fill));
            out.push_str(&look.paint(paint, &code));
        }
        out.push('\n');
    }
}

fn marks(diagnostic: &Diagnostic) -> Vec<Mark<'_>> {
    let paint = Paint::of(diagnostic.severity);
    let primary = Mark { span: diagnostic.primary.span, text: &diagnostic.primary.text, sign: '^', paint };
    let others = diagnostic.labels.iter().map(|label| Mark {
        span: label.span,
        text: &label.text,
        sign: '-',
        paint: Paint::Note,
    });
    std::iter::once(primary).chain(others).collect()
}

fn push_sentence(out: &mut String, text: &str, look: Look) {
    for line in wrap(&visible(text), look.width.saturating_sub(2), look.width.saturating_sub(2)) {
        out.push_str("  ");
        out.push_str(&line);
        out.push('\n');
    }
}

/// `36 of 2,880 possible requests (1.25%) are like this.`
fn count_sentence(count: &Count) -> String {
    let verb = if count.requests == "1" { "is" } else { "are" };
    let (some, all) = (grouped(&count.requests), grouped(&count.of));
    format!("{some} of {all} possible requests ({}) {verb} like this.", count.share)
}

/// The sentence with a capital letter, unless it starts with a name or a number.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    match rest.next() {
        Some(first) => first.to_uppercase().chain(rest).collect(),
        None => String::new(),
    }
}

/// The sentence with a full stop, unless it ends in a sign already.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim_end();
    if text.ends_with(['.', '!', '?', ':', '…']) || text.is_empty() { text.to_string() } else { format!("{text}.") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::{KW120, KW201, KW301};
    use crate::diagnostic::Example;
    use crate::span::{FileId, Span};

    const TEXT: &str = "edition 2026\nexception by_email to visitors when contact is email_only\nexception use_pin to visitors when pins\n";

    fn sources(text: &str) -> (Sources, FileId) {
        let mut sources = Sources::new();
        let file = sources.add("pickup.ward", text);
        (sources, file)
    }

    fn span(text: &str, file: FileId, of: &str) -> Span {
        let start = text.find(of).unwrap();
        Span::new(file, start, start + of.len())
    }

    fn conflict(file: FileId) -> Diagnostic {
        let parents = span(TEXT, file, "visitors when pins");
        Diagnostic::new(
            KW201,
            span(TEXT, file, "by_email"),
            "`by_email` and `use_pin` both answer `factor`, differently",
        )
        .at("says email_code")
        .label(span(TEXT, file, "use_pin"), "says pin")
        .example(Example { words: "contact is email_only, pins".into(), request: Vec::new() })
        .count(Count { requests: "36".into(), of: "2880".into(), share: "1.25%".into() })
        .hint_edit(
            "If the PIN should win:",
            Span::new(file, parents.start as usize + 8, parents.start as usize + 8),
            ", by_email",
        )
        .hint("Or say it once.")
    }

    #[test]
    fn every_party_the_example_the_count_and_the_way_out() {
        let (sources, file) = sources(TEXT);
        let text = diagnostic(&sources, &conflict(file), Look::default());
        assert_eq!(
            text,
            "CONFLICT  `by_email` and `use_pin` both answer `factor`, differently.                          KW201\n\
             \x20 pickup.ward:2:11\n\
             \x20 2 | exception by_email to visitors when contact is email_only\n\
             \x20   |           ^^^^^^^^ says email_code\n\
             \x20 3 | exception use_pin to visitors when pins\n\
             \x20   |           ------- says pin\n\
             \x20 For example: contact is email_only, pins.\n\
             \x20 36 of 2,880 possible requests (1.25%) are like this.\n\
             \x20 If the PIN should win:\n\
             \x20 3 | exception use_pin to visitors, by_email when pins\n\
             \x20 Or say it once.\n"
        );
    }

    #[test]
    fn colour_is_codes_around_the_same_words() {
        let (sources, file) = sources(TEXT);
        let plain = diagnostic(&sources, &conflict(file), Look::default());
        let painted = diagnostic(&sources, &conflict(file), Look { color: true, width: 100 });
        assert!(painted.contains("\x1b[1;31mCONFLICT\x1b[0m"));
        let mut stripped = String::new();
        let mut rest = painted.as_str();
        while let Some((before, after)) = rest.split_once('\x1b') {
            stripped.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        stripped.push_str(rest);
        assert_eq!(stripped, plain);
    }

    #[test]
    fn b11_hidden_characters_are_written_out_and_marks_still_fit() {
        let text = "input \u{202e}method\x1b is x\n";
        let (sources, file) = sources(text);
        let message = Diagnostic::new(KW120, span(text, file, "method"), "no \x1b[2J here");
        let shown = diagnostic(&sources, &message, Look::default());
        assert!(!shown.contains('\x1b') && !shown.contains('\u{202e}'));
        assert!(shown.contains("1 | input \\u{202e}method\\u{1b} is x\n    |               ^^^^^^\n"), "{shown}");
    }

    #[test]
    fn long_messages_wrap_and_long_lines_are_cut() {
        let text = format!("{} here {}\n", "a".repeat(300), "b".repeat(300));
        let (sources, file) = sources(&text);
        let message = Diagnostic::new(KW301, span(&text, file, "here"), "word ".repeat(40));
        let shown = diagnostic(&sources, &message, Look::default());
        assert!(shown.lines().all(|line| line.chars().count() <= 175), "{shown}");
        assert!(shown.lines().next().unwrap().ends_with("warning KW301"));
        assert!(shown.contains("aaa here bbb") && shown.contains("^^^^"));
    }

    #[test]
    fn a_place_in_no_file_shows_no_lines() {
        let (sources, _) = sources(TEXT);
        let message = Diagnostic::new(KW120, Span::new(FileId(9), 4, 5), "lost");
        assert_eq!(diagnostic(&sources, &message, Look::default()).lines().count(), 1);
    }
}

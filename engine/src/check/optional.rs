//! Negative tests of optional inputs: which side is *not set* on?
//! In: the optional inputs a negative test leaves open. Out: a report with both ways to say it. Refuses to guess.

use super::bits::Bits;
use super::report::Report;
use super::vocabulary::Vocabulary;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::Span;

/// What stands beside a test.
#[derive(Clone, Copy)]
pub(super) struct Beside {
    /// The optional inputs asked for being set or not set.
    pub(super) settled: Bits,
    /// Whether the test stands last in its list, so that `any of` can take its place.
    pub(super) may_become_bullets: bool,
}

/// Reports a negative test for each optional input that nothing beside it asks for being set.
pub(super) fn report_negative(open: Bits, span: Span, beside: Beside, vocabulary: &Vocabulary, report: &mut Report) {
    for input in open.iter().filter_map(|id| vocabulary.schema.inputs.get(id)) {
        let name = &input.name;
        let start = Span { end: span.start, ..span };
        let message = format!("`{name}` may be not set, and this test does not say what holds then");
        let diagnostic =
            Diagnostic::new(codes::KW128, span, message).label(input.span, "declared optional here").hint_edit(
                format!("if it holds only for a value, write `{name} is set and` before it"),
                start,
                format!("{name} is set and "),
            );
        report.push(if beside.may_become_bullets {
            let text = format!("if it also holds when not set, write `any of - {name} is not set -` before it");
            diagnostic.hint_edit(text, start, format!("any of - {name} is not set - "))
        } else {
            let bullet = format!("if it also holds when not set, add a bullet `- {name} is not set` to an `any of`");
            diagnostic.hint(bullet)
        });
    }
}

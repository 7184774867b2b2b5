//! Members of sets as bit masks.
//! In: names. Out: a mask, the first member lowest. Refuses to know whether they are tested or said.

use super::hints::listed;
use super::report::Report;
use super::vocabulary::label;
use crate::ast::Name;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::Label;
use crate::span::Span;

/// The mask of some members of a set; unknown ones and repeats are reported.
pub(super) fn members(
    names: &[Name],
    labels: &[Label],
    subject: &str,
    declared: Span,
    report: &mut Report,
) -> Option<u32> {
    let mut mask = 0_u32;
    let mut complete = true;
    for name in names {
        let Some(at) = label(labels, &name.text) else {
            let known: Vec<&str> = labels.iter().map(|label| label.name.as_str()).collect();
            let diagnostic =
                Diagnostic::new(codes::KW120, name.span, format!("`{subject}` has no member `{}`", name.text))
                    .label(declared, "declared here")
                    .note(format!("its members are {}", listed(known.iter().copied())));
            let diagnostic = report.with_suggestion(diagnostic, &name.text, name.span, known);
            report.push(diagnostic);
            complete = false;
            continue;
        };
        let bit = 1_u32.checked_shl(at).unwrap_or(0);
        if mask & bit != 0 {
            report.push(Diagnostic::new(codes::KW122, name.span, format!("`{}` stands here twice", name.text)));
        }
        mask |= bit;
    }
    complete.then_some(mask)
}

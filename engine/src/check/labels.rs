//! The values of a `one of`, the members of a set: named once, and not too many.
//! In: labels as written. Out: labels of the schema. Refuses to know what they belong to.

use super::report::{Report, twice};
use crate::ast;
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::Label;
use crate::span::Span;
use std::collections::BTreeMap;

/// The most values a `one of` has.
pub(super) const VALUES: usize = 255;
/// The most members a set has.
pub(super) const MEMBERS: usize = 32;
/// The most members an optional set has.
pub(super) const OPTIONAL_MEMBERS: usize = 31;

/// Checks labels; what comes twice or is too many is reported and left out.
pub(super) fn labels(written: &[ast::Label], what: &str, most: usize, report: &mut Report) -> Vec<Label> {
    let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
    let mut labels = Vec::new();
    for label in written {
        let first = *seen.entry(&label.name.text).or_insert(label.name.span);
        if first != label.name.span {
            report.push(twice(codes::KW122, what, &label.name.text, first, label.name.span));
            continue;
        }
        labels.push(Label {
            name: label.name.text.clone(),
            text: label.text.as_ref().map(|text| text.text.clone()).unwrap_or_default(),
            span: label.name.span,
        });
    }
    if let Some(extra) = labels.get(most) {
        let message = format!("at most {most} {what}s may stand here, and there are {}", labels.len());
        report.push(Diagnostic::new(codes::KW130, extra.span, message).at("the first too many"));
        labels.truncate(most);
    }
    labels
}

/// Text that may be missing.
pub(super) fn text(text: Option<&ast::Text>) -> String {
    text.map(|text| text.text.clone()).unwrap_or_default()
}

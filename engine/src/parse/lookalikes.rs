//! Names that look alike: `door_1` and `door_l`, `has_pin` and `haspin`, `modem` and `modern`.
//! In: the tree. Out: warnings. Refuses to know what the names mean.

use super::report::Report;
use crate::ast::{AnswerKind, File, ItemKind, Label, Name, Type, TypeKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use std::collections::BTreeMap;

/// Warns of names that look like another name declared in the same place.
pub fn warn(tree: &File, report: &mut Report) {
    let mut declared = Vec::new();
    for item in &tree.items {
        match &item.kind {
            ItemKind::Constant(constant) => declared.push(&constant.name),
            ItemKind::Input(input) => {
                declared.push(&input.name);
                among_values(&input.ty, report);
            }
            ItemKind::Setting(setting) => {
                declared.push(&setting.name);
                among_values(&setting.ty, report);
            }
            ItemKind::Group(group) => declared.push(&group.name),
            ItemKind::Calendar(calendar) => declared.push(&calendar.name),
            ItemKind::Term(term) => declared.push(&term.name),
            ItemKind::Decision(decision) => {
                declared.push(&decision.name);
                among(&decision.answers.iter().map(|answer| &answer.name).collect::<Vec<_>>(), report);
                for answer in &decision.answers {
                    match &answer.kind {
                        AnswerKind::OneOf(labels) | AnswerKind::SetOf(labels) | AnswerKind::Strictest(labels) => {
                            among_labels(labels, report);
                        }
                        AnswerKind::YesNo | AnswerKind::Shortest(_) => {}
                    }
                }
            }
            ItemKind::Rule(rule) => declared.push(&rule.name),
            ItemKind::Exception(exception) => declared.push(&exception.name),
            ItemKind::Assert(assert) => declared.push(&assert.name),
            _ => {}
        }
    }
    among(&declared, report);
}

fn among_values(ty: &Type, report: &mut Report) {
    if let TypeKind::OneOf(labels) | TypeKind::SetOf(labels) = &ty.kind {
        among_labels(labels, report);
    }
}

fn among_labels(labels: &[Label], report: &mut Report) {
    among(&labels.iter().map(|label| &label.name).collect::<Vec<_>>(), report);
}

fn among(names: &[&Name], report: &mut Report) {
    let mut seen: BTreeMap<String, &Name> = BTreeMap::new();
    for name in names.iter().filter(|name| !name.text.starts_with(|c: char| c.is_ascii_digit())) {
        let first = seen.entry(shape(&name.text)).or_insert(name);
        if first.text != name.text {
            report.push(
                Diagnostic::new(codes::KW113, name.span, format!("`{}` looks like `{}`", name.text, first.text))
                    .label(first.span, "the other name")
                    .hint("give one of them a name that cannot be taken for the other"),
            );
        }
    }
}

/// What a name looks like at a glance.
fn shape(name: &str) -> String {
    let plain = name.replace("rn", "m").replace("vv", "w");
    plain
        .chars()
        .filter(|c| *c != '_')
        .map(|c| {
            if c == '1' {
                'l'
            } else if c == '0' {
                'o'
            } else {
                c
            }
        })
        .collect()
}

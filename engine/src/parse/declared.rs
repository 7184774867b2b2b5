//! Small checks that the grammar leaves open: names without dots where a single word is wanted.
//! In: items. Out: messages. Refuses to know what names mean.

use super::report::Report;
use crate::ast::{AnswerKind, Item, ItemKind, Label, Name, Type, TypeKind};
use crate::codes;
use crate::diagnostic::Diagnostic;

/// Checks the names that an item declares.
pub fn check_item(item: &Item, report: &mut Report) {
    match &item.kind {
        ItemKind::Constant(constant) => single(&constant.name, "a constant", report),
        ItemKind::Input(input) => check_type(&input.ty, report),
        ItemKind::Setting(setting) => check_type(&setting.ty, report),
        ItemKind::Group(group) => single(&group.name, "a group", report),
        ItemKind::Calendar(calendar) => single(&calendar.name, "a calendar", report),
        ItemKind::Term(term) => single(&term.name, "a term", report),
        ItemKind::Decision(decision) => {
            single(&decision.name, "a decision", report);
            for answer in &decision.answers {
                single(&answer.name, "an answer", report);
                match &answer.kind {
                    AnswerKind::OneOf(labels) | AnswerKind::SetOf(labels) | AnswerKind::Strictest(labels) => {
                        check_labels(labels, report);
                    }
                    AnswerKind::YesNo | AnswerKind::Shortest(_) => {}
                }
            }
        }
        ItemKind::Rule(rule) => single(&rule.name, "a rule", report),
        ItemKind::Exception(exception) => single(&exception.name, "an exception", report),
        ItemKind::Assert(assert) => single(&assert.name, "an assertion", report),
        _ => {}
    }
}

fn check_type(ty: &Type, report: &mut Report) {
    match &ty.kind {
        TypeKind::OneOf(labels) | TypeKind::SetOf(labels) => check_labels(labels, report),
        TypeKind::Identifier(name) => single(name, "a kind of identifier", report),
        _ => {}
    }
}

fn check_labels(labels: &[Label], report: &mut Report) {
    for label in labels {
        single(&label.name, "a value", report);
    }
}

fn single(name: &Name, what: &str, report: &mut Report) {
    if name.text.contains('.') {
        let better = name.text.replace('.', "_");
        let message = format!("the name of {what} has no dots: `{}`", name.text);
        report.push(
            Diagnostic::new(codes::KW111, name.span, message)
                .note("dots group inputs and settings, and join an answer to its decision")
                .hint_edit(format!("write `{better}`"), name.span, better),
        );
    }
}

//! Names of the main file that nothing refers to.
//! In: the linked items. Out: warnings. Refuses to judge vocabulary files, whose names are for others.

use super::link::Linked;
use super::refs::{Ref, each_ref};
use super::report::Report;
use super::vocabulary::{Subject, Vocabulary};
use crate::ast::{ItemKind, Name};
use crate::codes;
use crate::diagnostic::Diagnostic;
use std::collections::BTreeSet;

/// What is referred to.
#[derive(Default)]
struct Used<'a> {
    facts: BTreeSet<&'a str>,
    groups: BTreeSet<&'a str>,
    calendars: BTreeSet<&'a str>,
    terms: BTreeSet<&'a str>,
}

/// Reports what the main file declares and nothing refers to.
pub(super) fn report_unused(linked: &Linked<'_>, vocabulary: &Vocabulary, report: &mut Report) {
    let used = used(linked, vocabulary);
    for placed in linked.items.iter().filter(|placed| linked.is_main(placed)) {
        let (what, name, is_used) = match &placed.item.kind {
            ItemKind::Input(input) => ("input", &input.name, used.facts.contains(input.name.text.as_str())),
            ItemKind::Setting(setting) => ("setting", &setting.name, used.facts.contains(setting.name.text.as_str())),
            ItemKind::Constant(constant) => {
                ("constant", &constant.name, used.facts.contains(constant.name.text.as_str()))
            }
            ItemKind::Group(group) => ("group", &group.name, used.groups.contains(group.name.text.as_str())),
            ItemKind::Calendar(calendar) => {
                ("calendar", &calendar.name, used.calendars.contains(calendar.name.text.as_str()))
            }
            ItemKind::Term(term) => ("term", &term.name, used.terms.contains(term.name.text.as_str())),
            _ => continue,
        };
        if !is_used {
            report.push(unused(what, name));
        }
    }
}

fn unused(what: &str, name: &Name) -> Diagnostic {
    Diagnostic::new(codes::KW301, name.span, format!("nothing uses the {what} `{}`", name.text))
        .hint("use it in a rule, or take it out")
}

fn used<'a>(linked: &Linked<'a>, vocabulary: &'a Vocabulary) -> Used<'a> {
    let mut used = Used::default();
    for placed in &linked.items {
        each_ref(placed.item, &mut |reference| match reference {
            Ref::Subject(name) | Ref::Input(name) | Ref::Fixed(name) => {
                used.facts.insert(&name.text);
                if let Some(Subject::Input(input, _)) = vocabulary.subject(&name.text) {
                    used.facts.insert(&vocabulary.input(input).name);
                }
            }
            Ref::Operand(name) => drop(used.facts.insert(name)),
            Ref::Calendar(name, _) => drop(used.calendars.insert(&name.text)),
            Ref::Group(name) => drop(used.groups.insert(&name.text)),
            Ref::Term(name) => drop(used.terms.insert(&name.text)),
        });
    }
    used
}

//! Who declares which name: one table a kind, collisions and dotted beginnings reported.
//! In: the linked items. Out: the declarations of each kind, in order, each name once. Refuses to know types.
//!
//! Inputs, settings, constants, what is kept outside, and answers with their decision share one table, because a request or
//! a condition names them alike. Groups, calendars, terms, decisions, rules with exceptions, and asserts have one each.

use super::link::{Linked, Placed};
use super::report::{Report, twice};
use crate::ast::{self, ItemKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::span::Span;
use std::collections::BTreeMap;

/// Something a request has to say.
#[derive(Clone, Copy)]
pub(super) enum Fact<'a> {
    /// An input.
    Input(&'a ast::Input),
    /// A setting.
    Setting(&'a ast::Setting),
    /// A group kept outside.
    Group(&'a ast::Group),
    /// A calendar kept outside.
    Calendar(&'a ast::Calendar),
}

impl<'a> Fact<'a> {
    /// Its name.
    pub(super) fn name(&self) -> &'a ast::Name {
        match self {
            Fact::Input(input) => &input.name,
            Fact::Setting(setting) => &setting.name,
            Fact::Group(group) => &group.name,
            Fact::Calendar(calendar) => &calendar.name,
        }
    }
}

/// A rule or exception as written.
#[derive(Clone, Copy)]
pub(super) enum AnyRule<'a> {
    /// A rule.
    Rule(&'a ast::Rule),
    /// An exception.
    Exception(&'a ast::Exception),
}

/// The declarations of a policy, each kind in the order of the items.
#[derive(Default)]
pub(super) struct Declarations<'a> {
    pub(super) facts: Vec<Fact<'a>>,
    pub(super) constants: Vec<&'a ast::Constant>,
    pub(super) groups: Vec<&'a ast::Group>,
    pub(super) calendars: Vec<&'a ast::Calendar>,
    pub(super) terms: Vec<&'a ast::Term>,
    pub(super) decisions: Vec<&'a ast::Decision>,
    pub(super) rules: Vec<(Placed<'a>, AnyRule<'a>)>,
    pub(super) asserts: Vec<(Placed<'a>, &'a ast::Assert)>,
}

/// A table of names with the place of each.
type Table = BTreeMap<String, Span>;

/// Gathers the declarations.
pub(super) fn gather<'a>(linked: &Linked<'a>, report: &mut Report) -> Declarations<'a> {
    let replaced = Replaced::find(linked, report);
    let mut declarations = Declarations::default();
    let mut shared = Table::new();
    let mut tables: BTreeMap<&str, Table> = BTreeMap::new();
    for placed in &linked.items {
        let mut own = |what: &'static str, name: &ast::Name, report: &mut Report| {
            free(tables.entry(what).or_default(), what, name, report)
        };
        match &placed.item.kind {
            ItemKind::Input(input) if free(&mut shared, "input", &input.name, report) => {
                declarations.facts.push(Fact::Input(input));
            }
            ItemKind::Setting(setting) if free(&mut shared, "setting", &setting.name, report) => {
                declarations.facts.push(Fact::Setting(setting));
            }
            ItemKind::Constant(constant) if free(&mut shared, "constant", &constant.name, report) => {
                declarations.constants.push(constant);
            }
            ItemKind::Group(group) if !replaced.group(placed, group) && own("group", &group.name, report) => {
                if group.members.is_none() && free(&mut shared, "group", &group.name, report) {
                    declarations.facts.push(Fact::Group(group));
                }
                declarations.groups.push(group);
            }
            ItemKind::Calendar(cal) if !replaced.calendar(placed, cal) && own("calendar", &cal.name, report) => {
                if cal.spans.is_none() && free(&mut shared, "calendar", &cal.name, report) {
                    declarations.facts.push(Fact::Calendar(cal));
                }
                declarations.calendars.push(cal);
            }
            ItemKind::Term(term) if own("term", &term.name, report) => declarations.terms.push(term),
            // A refinement that adds a decision is reported; its decision is left out.
            ItemKind::Decision(decision) if placed.level == 0 && own("decision", &decision.name, report) => {
                declarations.decisions.push(decision);
                answers(&mut shared, decision, report);
            }
            ItemKind::Rule(rule) if own("rule", &rule.name, report) => {
                declarations.rules.push((*placed, AnyRule::Rule(rule)));
            }
            ItemKind::Exception(exception) if own("rule", &exception.name, report) => {
                declarations.rules.push((*placed, AnyRule::Exception(exception)));
            }
            ItemKind::Assert(assert) if own("assert", &assert.name, report) => {
                declarations.asserts.push((*placed, assert));
            }
            _ => {}
        }
    }
    report_beginnings(&shared, report);
    declarations
}

/// Enters a name; reports it if it is taken.
fn free(table: &mut Table, what: &str, name: &ast::Name, report: &mut Report) -> bool {
    let first = *table.entry(name.text.clone()).or_insert(name.span);
    if first != name.span {
        report.push(twice(codes::KW122, what, &name.text, first, name.span));
    }
    first == name.span
}

/// An answer is named with its decision; a decision's own answers are compared in `decisions`.
fn answers(shared: &mut Table, decision: &ast::Decision, report: &mut Report) {
    for answer in &decision.answers {
        let name = format!("{}.{}", decision.name.text, answer.name.text);
        let first = *shared.entry(name.clone()).or_insert(answer.name.span);
        if first != answer.name.span {
            report.push(twice(codes::KW122, "answer", &name, first, answer.name.span));
        }
    }
}

/// Reports names that are the dotted beginning of another.
fn report_beginnings(shared: &Table, report: &mut Report) {
    for (name, span) in shared {
        for (dot, _) in name.match_indices('.') {
            let beginning = &name[..dot];
            let Some(shorter) = shared.get(beginning) else { continue };
            report.push(
                Diagnostic::new(codes::KW123, *shorter, format!("`{beginning}` is the beginning of `{name}`"))
                    .label(*span, format!("`{name}` is declared here"))
                    .hint(format!("give the shorter one a part of its own, such as `{beginning}.id`")),
            );
        }
    }
}

/// The groups and calendars that a refinement defines in place of what its parent keeps outside.
struct Replaced<'a> {
    groups: BTreeMap<&'a str, (usize, &'a ast::Group)>,
    calendars: BTreeMap<&'a str, usize>,
}

impl<'a> Replaced<'a> {
    fn find(linked: &Linked<'a>, report: &mut Report) -> Self {
        let mut replaced = Replaced { groups: BTreeMap::new(), calendars: BTreeMap::new() };
        for placed in linked.items.iter().filter(|placed| placed.level > 0 && !placed.used) {
            match &placed.item.kind {
                ItemKind::Group(group) if group.members.is_some() => {
                    replaced.groups.entry(&group.name.text).or_insert((placed.level, group));
                }
                ItemKind::Calendar(calendar) if calendar.spans.is_some() => {
                    replaced.calendars.entry(&calendar.name.text).or_insert(placed.level);
                }
                _ => {}
            }
        }
        replaced.report_other_inputs(linked, report);
        replaced
    }

    fn group(&self, placed: &Placed<'_>, group: &ast::Group) -> bool {
        let by = self.groups.get(group.name.text.as_str());
        group.members.is_none() && by.is_some_and(|(level, _)| *level > placed.level)
    }

    fn calendar(&self, placed: &Placed<'_>, calendar: &ast::Calendar) -> bool {
        let by = self.calendars.get(calendar.name.text.as_str());
        calendar.spans.is_none() && by.is_some_and(|level| *level > placed.level)
    }

    fn report_other_inputs(&self, linked: &Linked<'a>, report: &mut Report) {
        for placed in &linked.items {
            let ItemKind::Group(outside) = &placed.item.kind else { continue };
            let Some((_, group)) = self.groups.get(outside.name.text.as_str()) else { continue };
            if self.group(placed, outside) && outside.of.text != group.of.text {
                let message = format!("`{}` is a group of `{}`", group.name.text, outside.of.text);
                report.push(
                    Diagnostic::new(codes::KW138, group.of.span, message)
                        .label(outside.of.span, "kept outside here")
                        .hint_edit(format!("write `{}`", outside.of.text), group.of.span, outside.of.text.clone()),
                );
            }
        }
    }
}

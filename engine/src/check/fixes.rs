//! Constants, and what `fix` pins or narrows.
//! In: constants and fixes, parents first. Out: constants with their final value, settings with the values left.
//! Refuses to know who uses them.
//!
//! A fix stands in another file than what it fixes, and only narrows: a level may fix again what its parent left open.
//! If the default of a setting is not left, the first value that is takes its place.

use super::link::{Linked, Placed};
use super::literals::{Domain, literal, words};
use super::names::Declarations;
use super::report::{Report, twice};
use super::vocabulary::{Constant, Vocabulary};
use crate::ast::{self, ItemKind, Literal};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{InputId, Origin, Value};
use crate::span::Span;
use std::collections::BTreeMap;

/// Enters the constants, fixed ones with their new value.
pub(super) fn constants(
    linked: &Linked<'_>,
    declarations: &Declarations<'_>,
    vocabulary: &mut Vocabulary,
    report: &mut Report,
) {
    for constant in &declarations.constants {
        if let ast::LiteralKind::Duration(duration) = constant.value.kind
            && duration.minutes().is_none()
        {
            report.push(Diagnostic::new(
                codes::KW126,
                constant.value.span,
                "this duration is longer than any machine accepts",
            ));
        }
        let entry = Constant { value: constant.value.kind.clone(), span: constant.name.span };
        vocabulary.constants.insert(constant.name.text.clone(), entry);
    }
    let mut fixed: BTreeMap<&str, &Literal> = BTreeMap::new();
    for fix in fixes(linked) {
        let Some(constant) = vocabulary.constants.get_mut(&fix.name.text) else { continue };
        let [value] = fix.values.as_slice() else {
            let message = format!("the constant `{}` is fixed at one value", fix.name.text);
            report.push(Diagnostic::new(codes::KW142, fix.name.span, message).label(constant.span, "declared here"));
            continue;
        };
        if constant.span.file == fix.name.span.file {
            report.push(own_file(fix, constant.span));
        } else if std::mem::discriminant(&constant.value) != std::mem::discriminant(&value.kind) {
            let message =
                format!("`{}` is {}, and this is {}", fix.name.text, words(&constant.value), words(&value.kind));
            report.push(Diagnostic::new(codes::KW142, value.span, message).label(constant.span, "declared here"));
        } else if let Some(first) = fixed.get(fix.name.text.as_str()).filter(|first| first.kind != value.kind) {
            let message = format!("`{}` is fixed already, at another value", fix.name.text);
            report.push(Diagnostic::new(codes::KW142, value.span, message).label(first.span, "fixed here"));
        } else {
            fixed.insert(&fix.name.text, value);
            constant.value = value.kind.clone();
        }
    }
}

/// Pins and narrows settings.
pub(super) fn settings(linked: &Linked<'_>, vocabulary: &mut Vocabulary, report: &mut Report) {
    let mut fixed: BTreeMap<InputId, Span> = BTreeMap::new();
    for fix in fixes(linked) {
        let name = &fix.name.text;
        if vocabulary.constants.contains_key(name) {
            continue;
        }
        let Some(&id) = vocabulary.inputs.get(name) else {
            let known = vocabulary.constants.keys().chain(vocabulary.inputs.keys());
            report.unknown("setting or constant", name, fix.name.span, known.map(String::as_str));
            continue;
        };
        let input = vocabulary.input(id);
        if input.origin != Origin::Setting {
            let message = format!("`{name}` is an input, and only settings and constants are fixed");
            report.push(
                Diagnostic::new(codes::KW142, fix.name.span, message)
                    .label(input.span, "declared here")
                    .hint(format!("say what happens for a value of `{name}` with a rule or an exception")),
            );
            continue;
        }
        if input.span.file == fix.name.span.file {
            report.push(own_file(fix, input.span));
            continue;
        }
        if let Some(first) = fixed.insert(id, fix.name.span).filter(|first| first.file == fix.name.span.file) {
            report.push(twice(codes::KW122, "fix of", name, first, fix.name.span));
            continue;
        }
        narrow(id, fix, vocabulary, report);
    }
}

fn narrow(id: InputId, fix: &ast::Fix, vocabulary: &mut Vocabulary, report: &mut Report) {
    let input = vocabulary.input(id);
    let Some(domain) = Domain::of(&input.ty) else { return };
    let mut values: Vec<Value> = Vec::new();
    for written in &fix.values {
        let Some(number) = literal(written, &domain, &fix.name.text, vocabulary, report) else { return };
        let Some(value) = domain.value(number, vocabulary) else {
            report.push(Diagnostic::new(
                codes::KW142,
                written.span,
                format!("`{}` cannot be fixed at this", fix.name.text),
            ));
            return;
        };
        if input.pinned.as_ref().is_some_and(|left| !left.contains(&value)) {
            let message = format!("`{}` is fixed already, and this value is not left", fix.name.text);
            report.push(
                Diagnostic::new(codes::KW142, written.span, message)
                    .label(input.span, "declared here")
                    .note("a refinement narrows what its parent left; it never widens it"),
            );
            return;
        }
        if values.contains(&value) {
            let message = format!("this value of `{}` stands here twice", fix.name.text);
            report.push(Diagnostic::new(codes::KW142, written.span, message));
            return;
        }
        values.push(value);
    }
    let input = &mut vocabulary.schema.inputs[id];
    if !input.default.as_ref().is_some_and(|default| values.contains(default)) {
        input.default = values.first().cloned();
    }
    input.pinned = Some(values);
}

fn own_file(fix: &ast::Fix, declared: Span) -> Diagnostic {
    Diagnostic::new(codes::KW142, fix.name.span, format!("`{}` is declared in this file", fix.name.text))
        .label(declared, "declared here")
        .hint("change the declaration, and leave `fix` to files that use or refine this one")
}

/// The fixes of the levels; those of files that are only used do not count.
fn fixes<'a>(linked: &Linked<'a>) -> impl Iterator<Item = &'a ast::Fix> {
    let of = |placed: &Placed<'a>| match &placed.item.kind {
        ItemKind::Fix(fix) if !placed.used => Some(fix),
        _ => None,
    };
    linked.items.iter().filter_map(of)
}

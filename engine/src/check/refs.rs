//! The names a paragraph refers to, as far as the text alone says what kind of name each is.
//! In: one item. Out: its references, in order. Refuses to know whether anything has the name.

use crate::ast;

/// One reference.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ref<'a> {
    /// The left side of a test: an input, a part of a moment, or an answer.
    Subject(&'a ast::Name),
    /// An input or setting by its whole name.
    Input(&'a ast::Name),
    /// A setting or constant that is fixed.
    Fixed(&'a ast::Name),
    /// The right side of a test or effect: a value, a constant, or another input.
    Operand(&'a str),
    /// A calendar, and the input whose moment is compared with it, if it is a test.
    Calendar(&'a ast::Name, Option<&'a ast::Name>),
    /// A group.
    Group(&'a ast::Name),
    /// A term.
    Term(&'a ast::Name),
}

/// Calls back for each reference of an item.
pub(super) fn each_ref<'a>(item: &'a ast::Item, f: &mut dyn FnMut(Ref<'a>)) {
    match &item.kind {
        ast::ItemKind::Fix(fix) => {
            f(Ref::Fixed(&fix.name));
            fix.values.iter().for_each(|value| operand(value, f));
        }
        ast::ItemKind::Group(group) => f(Ref::Input(&group.of)),
        ast::ItemKind::Calendar(calendar) => calendar.except.iter().for_each(|name| f(Ref::Calendar(name, None))),
        ast::ItemKind::Normally(normally) => effects(&normally.effects, f),
        ast::ItemKind::Unsure(unsure) => effects(&unsure.effects, f),
        ast::ItemKind::Rule(rule) => effects(&rule.effects, f),
        ast::ItemKind::Exception(exception) => effects(&exception.effects, f),
        ast::ItemKind::Assert(assert) => {
            if let ast::AssertKind::Changes { input, from, to, becomes, .. } = &assert.kind {
                f(Ref::Input(input));
                [from, to, becomes].into_iter().for_each(|value| operand(value, f));
            }
        }
        _ => {}
    }
    for list in lists(item) {
        all(list, f);
    }
}

/// The conditions of an item, in order.
pub(super) fn lists(item: &ast::Item) -> Vec<&ast::All> {
    match &item.kind {
        ast::ItemKind::Term(term) => vec![&term.condition],
        ast::ItemKind::Assume(assume) => match &assume.kind {
            ast::AssumeKind::Never(never) => vec![never],
            ast::AssumeKind::IfThen(given, then) => vec![given, then],
        },
        ast::ItemKind::Rule(rule) => rule.condition.iter().collect(),
        ast::ItemKind::Exception(exception) => exception.condition.iter().collect(),
        ast::ItemKind::Test(test) => vec![&test.given, &test.expect],
        ast::ItemKind::Assert(assert) => match &assert.kind {
            ast::AssertKind::Never(list) | ast::AssertKind::Possible(list) => vec![list],
            ast::AssertKind::AlwaysIf(given, then) => vec![given, then],
            ast::AssertKind::Unchanged(_, except) => except.iter().collect(),
            ast::AssertKind::Changes { .. } => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The tests and terms of a condition, in order, bullets included.
pub(super) fn ones(list: &ast::All) -> impl Iterator<Item = &ast::One> {
    list.clauses.iter().flat_map(|clause| match clause {
        ast::Clause::One(one) => vec![one],
        ast::Clause::AtLeast(choice) => choice.bullets.iter().flatten().collect(),
    })
}

/// The literals on the right side of a test.
pub(super) fn operands(test: &ast::Test) -> Vec<&ast::Literal> {
    match &test.kind {
        ast::TestKind::FromTo(from, to) | ast::TestKind::FromUntil(from, to) => vec![from, to],
        ast::TestKind::Compare(_, value) | ast::TestKind::Is(value) | ast::TestKind::IsNot(value) => vec![value],
        ast::TestKind::IsOneOf(values) | ast::TestKind::IsNotOneOf(values) => values.iter().collect(),
        _ => Vec::new(),
    }
}

fn all<'a>(list: &'a ast::All, f: &mut dyn FnMut(Ref<'a>)) {
    for one in ones(list) {
        match one {
            ast::One::Term(name) | ast::One::NotTerm(name, _) => f(Ref::Term(name)),
            ast::One::Test(test) => {
                f(Ref::Subject(&test.subject));
                operands(test).into_iter().for_each(|value| operand(value, f));
                match &test.kind {
                    ast::TestKind::During(name) | ast::TestKind::Outside(name) => {
                        f(Ref::Calendar(name, Some(&test.subject)));
                    }
                    ast::TestKind::IsIn(name) | ast::TestKind::IsNotIn(name) => f(Ref::Group(name)),
                    _ => {}
                }
            }
        }
    }
}

fn effects<'a>(effects: &'a [ast::Effect], f: &mut dyn FnMut(Ref<'a>)) {
    for effect in effects {
        if let ast::EffectKind::Is(value) = &effect.kind {
            operand(value, f);
        }
    }
}

fn operand<'a>(value: &'a ast::Literal, f: &mut dyn FnMut(Ref<'a>)) {
    if let ast::LiteralKind::Name(name) = &value.kind {
        f(Ref::Operand(name));
    }
}

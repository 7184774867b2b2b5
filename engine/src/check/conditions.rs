//! Conditions: lists of tests and terms, each resolved.
//! In: a condition and where it stands. Out: a typed condition, and what it mentions. Refuses to know what it guards.

use super::answer_tests::answer_test;
use super::bits::Bits;
use super::input_tests::input_test;
use super::optional::{Beside, report_negative};
use super::report::Report;
use super::vocabulary::{Mentions, Subject, Vocabulary};
use crate::ast::{self, TestKind};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::schema::{InputId, Origin, Type};
use crate::span::Span;
use crate::typed::{All, Clause, InputPredicate, One};

/// The most bullets a clause has.
const BULLETS: usize = 255;

/// Where a condition stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Answers may be asked.
    Anywhere,
    /// Only inputs may be asked.
    Assumption,
}

/// A condition, checked.
#[derive(Debug, Default)]
pub(super) struct Condition {
    /// The condition.
    pub(super) all: All,
    /// What it mentions, also through terms.
    pub(super) mentions: Mentions,
    /// The optional inputs it asks for being set, in its own list.
    pub(super) settled: Bits,
}

/// Checks a condition. `settled` are optional inputs that a list before this one asked for being set.
pub(super) fn condition(
    written: &ast::All,
    place: Place,
    settled: Bits,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Condition {
    let mut checked = Condition { all: All { clauses: Vec::new(), span: written.span }, ..Condition::default() };
    checked.settled = settled;
    let own =
        written.clauses.iter().filter_map(|clause| if let ast::Clause::One(one) = clause { Some(one) } else { None });
    checked.settled.add(asks_set(own, vocabulary));
    let last = written.clauses.len().saturating_sub(1);
    for (at, clause) in written.clauses.iter().enumerate() {
        match clause {
            ast::Clause::One(one) => {
                let beside = Beside { settled: checked.settled, may_become_bullets: at == last };
                let one = self::one(one, place, beside, &mut checked.mentions, vocabulary, report);
                checked.all.clauses.extend(one.map(Clause::One));
            }
            ast::Clause::AtLeast(choice) => {
                let clause = bullets(choice, place, checked.settled, &mut checked.mentions, vocabulary, report);
                checked.all.clauses.extend(clause);
            }
        }
    }
    checked
}

fn bullets(
    choice: &ast::AtLeast,
    place: Place,
    settled: Bits,
    mentions: &mut Mentions,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<Clause> {
    let count = choice.count.map_or(1, |count| count.value);
    if count == 0 || count > choice.bullets.len() as u64 {
        let message = format!("`at least {count} of` needs between 1 and {} here", choice.bullets.len());
        let span = choice.count.map_or(choice.span, |count| count.span);
        report.push(Diagnostic::new(codes::KW127, span, message).label(choice.span, "the bullets"));
    }
    if choice.bullets.len() > BULLETS {
        let message = format!("at most {BULLETS} bullets stand in one list");
        report.push(Diagnostic::new(codes::KW130, choice.span, message));
    }
    let mut around = settled;
    if count == 1 {
        choice
            .bullets
            .iter()
            .filter_map(|bullet| alone_not_set(bullet, vocabulary))
            .for_each(|input| around.insert(input));
    }
    let mut typed = Vec::new();
    for bullet in &choice.bullets {
        let mut settled = around;
        settled.add(asks_set(bullet, vocabulary));
        let beside = Beside { settled, may_become_bullets: false };
        let ones = bullet.iter().filter_map(|one| self::one(one, place, beside, mentions, vocabulary, report));
        typed.push(ones.collect());
    }
    Some(Clause::AtLeast(u32::try_from(count).ok()?, typed, choice.span))
}

/// The optional inputs that a list asks for being set or not set.
fn asks_set<'a>(ones: impl IntoIterator<Item = &'a ast::One>, vocabulary: &Vocabulary) -> Bits {
    let mut bits = Bits::default();
    for one in ones {
        if let ast::One::Test(ast::Test { subject, kind: TestKind::IsSet | TestKind::IsNotSet, .. }) = one
            && let Some(Subject::Input(input, _)) = vocabulary.subject(&subject.text)
        {
            bits.insert(input);
        }
    }
    bits
}

/// The input of a bullet that says `is not set` and nothing else.
fn alone_not_set(bullet: &[ast::One], vocabulary: &Vocabulary) -> Option<InputId> {
    match bullet {
        [ast::One::Test(ast::Test { subject, kind: TestKind::IsNotSet, .. })] => {
            match vocabulary.subject(&subject.text) {
                Some(Subject::Input(input, _)) => Some(input),
                _ => None,
            }
        }
        _ => None,
    }
}

fn one(
    written: &ast::One,
    place: Place,
    beside: Beside,
    mentions: &mut Mentions,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<One> {
    match written {
        ast::One::Term(name) => term(name, name.span, false, place, beside, mentions, vocabulary, report),
        ast::One::NotTerm(name, span) => term(name, *span, true, place, beside, mentions, vocabulary, report),
        ast::One::Test(test) => match vocabulary.subject(&test.subject.text) {
            Some(Subject::Input(input, part)) => {
                let typed = input_test(test, input, part, vocabulary, report)?;
                let asked = asked(input, &typed.predicate, vocabulary);
                if typed.predicate == InputPredicate::Set {
                    mentions.set.add(asked);
                } else {
                    mentions.optional.add(asked);
                    if typed.negated {
                        report_negative(asked.without(beside.settled), test.span, beside, vocabulary, report);
                    }
                }
                Some(One::Input(typed))
            }
            Some(Subject::Answer(decision, answer)) => {
                if place == Place::Assumption {
                    report.push(no_answers(test.span, &test.subject.text));
                }
                mentions.answers.insert(vocabulary.answer_number(decision, answer));
                answer_test(test, decision, answer, vocabulary, report).map(One::Answer)
            }
            None => {
                report_subject(&test.subject, vocabulary, report);
                None
            }
        },
    }
}

/// The optional inputs a test looks at: the one on its left, and the other identifier.
fn asked(input: InputId, predicate: &InputPredicate, vocabulary: &Vocabulary) -> Bits {
    let mut bits = Bits::default();
    let mut note = |id: InputId| {
        if vocabulary.input(id).optional {
            bits.insert(id);
        }
    };
    note(input);
    if let InputPredicate::Same(other) = predicate {
        note(*other);
    }
    bits
}

#[expect(clippy::too_many_arguments, reason = "a term is checked with all that its list knows")]
fn term(
    name: &ast::Name,
    span: Span,
    negated: bool,
    place: Place,
    beside: Beside,
    mentions: &mut Mentions,
    vocabulary: &Vocabulary,
    report: &mut Report,
) -> Option<One> {
    let Some(&term) = vocabulary.terms.get(&name.text) else {
        report_term(name, vocabulary, report);
        return None;
    };
    let of = vocabulary.mentions.get(term).copied().unwrap_or_default();
    mentions.add(of);
    if place == Place::Assumption && !of.answers.is_empty() {
        report.push(no_answers(span, &name.text));
    }
    if negated {
        report_negative(of.optional.without(of.set).without(beside.settled), span, beside, vocabulary, report);
    }
    Some(One::Term { term, negated, span })
}

fn no_answers(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(codes::KW139, span, format!("an assumption cannot look at answers, as `{name}` does"))
        .note("an assumption says which requests there can be; answers come later")
        .hint("write an `assert`, if this should follow from the rules")
}

fn report_subject(name: &ast::Name, vocabulary: &Vocabulary, report: &mut Report) {
    let text = &name.text;
    if let Some(answers) = vocabulary.answers.get(text) {
        let message = format!("`{text}` is an answer of several decisions");
        let mut diagnostic = Diagnostic::new(codes::KW121, name.span, message);
        for (decision, _) in answers.iter().take(2) {
            let full = format!("{}.{text}", vocabulary.schema.decisions[*decision].name);
            diagnostic = diagnostic.hint_edit(format!("write `{full}`"), name.span, full);
        }
        report.push(diagnostic);
        return;
    }
    if let Some(fact) = vocabulary.outside.get(text).map(|id| vocabulary.input(*id)) {
        let hint = match fact.origin {
            Origin::OutsideGroup(of) => format!("write `{} is in {text}`", vocabulary.input(of).name),
            Origin::OutsideCalendar(of) => format!("write `{} is during {text}`", vocabulary.input(of).name),
            Origin::Input | Origin::Setting => String::new(),
        };
        let message = format!("`{text}` is kept outside and is not tested by its own name");
        report.push(Diagnostic::new(codes::KW121, name.span, message).label(fact.span, "declared here").hint(hint));
        return;
    }
    let mut names = Vec::new();
    if report.may_suggest() {
        names = vocabulary.answer_names();
        names.extend(vocabulary.inputs.keys().cloned());
        for moment in vocabulary.schema.inputs.iter().filter(|input| matches!(input.ty, Type::Moment(_))) {
            names.extend(["date", "time", "weekday"].map(|part| format!("{}.{part}", moment.name)));
        }
    }
    report.unknown("input or answer", text, name.span, names.iter().map(String::as_str));
}

fn report_term(name: &ast::Name, vocabulary: &Vocabulary, report: &mut Report) {
    if vocabulary.subject(&name.text).is_some() {
        let message = format!("`{}` is an input or answer, and needs a test, such as `is yes`", name.text);
        let end = Span { start: name.span.end, ..name.span };
        report.push(Diagnostic::new(codes::KW121, name.span, message).hint_edit("add `is yes`", end, " is yes"));
        return;
    }
    report.unknown("term", &name.text, name.span, vocabulary.terms.keys().map(String::as_str));
}

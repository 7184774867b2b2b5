//! Paragraphs as documents: where each one may break.
//! In: items. Out: documents. Refuses to know comments: the printer puts them back.

use super::doc::{Doc, WIDTH, width};
use super::words::{self, described, literal, quoted};
use crate::ast::{
    All, Answer, AnswerKind, Assert, AssertKind, Assume, AssumeKind, Calendar, CalendarSpan, Clause, Days, Decision,
    Effect, EffectKind, Header, Import, Input, Item, ItemKind, Label, Setting, TestCase, Text, Type, TypeKind,
};
use crate::keywords::WEEKDAYS;
use crate::span::Span;

/// The lines that name the file.
pub fn header(header: &Header) -> Doc {
    let title = header.title.as_ref().map(|title| format!(" {}", quoted(title))).unwrap_or_default();
    let policy = format!("policy {} version {}{title}", header.name.text, header.version.value);
    let mut named = vec![Doc::text(policy)];
    if let Some(parent) = &header.refines {
        named.push(Doc::Line(parent.name.span.start as usize));
        named.push(Doc::text(format!("refines {}", import(parent))));
    }
    Doc::Broken(
        0,
        vec![
            Doc::text(format!("edition {}", header.edition.value)),
            Doc::Line(header.name.span.start as usize),
            Doc::Group(2, named),
        ],
    )
}

/// One paragraph.
pub fn item(item: &Item) -> Doc {
    match &item.kind {
        ItemKind::Use(policy) => Doc::text(format!("use {}", import(policy))),
        ItemKind::Constant(constant) => {
            let head = format!("constant {}", described(&constant.name, constant.text.as_ref()));
            joined(head, format!("is {}", literal(&constant.value)), constant.value.span)
        }
        ItemKind::Fix(fix) if fix.one_of => {
            let head = Doc::text(format!("fix {} at one of", fix.name.text));
            Doc::Group(2, vec![head, words::literals(&fix.values)])
        }
        ItemKind::Fix(fix) => {
            let values: Vec<String> = fix.values.iter().map(literal).collect();
            Doc::text(format!("fix {} at {}", fix.name.text, values.join(", ")))
        }
        ItemKind::Input(input) => self::input(input, item.span.end as usize),
        ItemKind::Setting(setting) => self::setting(setting),
        ItemKind::Group(group) => {
            let head = format!("group {}", described(&group.name, group.text.as_ref()));
            let of = format!("of {} is", group.of.text);
            let members =
                group.members.as_ref().map_or_else(|| Doc::text(" kept outside"), |list| words::literals(list));
            Doc::Group(2, vec![head_line(head, of, group.of.span), members])
        }
        ItemKind::Calendar(calendar) => self::calendar(calendar, item.span),
        ItemKind::Term(term) => {
            let head = format!("term {} ", described(&term.name, term.text.as_ref()));
            named_condition(head.trim_end(), "means", &term.condition)
        }
        ItemKind::Assume(assume) => self::assume(assume),
        ItemKind::Decision(decision) => self::decision(decision),
        ItemKind::Normally(normally) => {
            let mut docs = vec![effects("normally", &normally.effects)];
            reasons(&mut docs, Some(&normally.because), normally.cite.as_ref());
            Doc::Broken(2, docs)
        }
        ItemKind::Unsure(unsure) => {
            let mut docs = vec![effects("if unsure", &unsure.effects)];
            reasons(&mut docs, unsure.because.as_ref(), None);
            Doc::Broken(2, docs)
        }
        ItemKind::Rule(rule) => {
            let head = Doc::text(format!("rule {}", described(&rule.name, rule.text.as_ref())));
            body(head, rule.condition.as_ref(), &rule.effects, &rule.because, rule.cite.as_ref())
        }
        ItemKind::Exception(exception) => {
            let name = format!("exception {}", described(&exception.name, exception.text.as_ref()));
            let first = exception.parents.first().map_or(item.span, |parent| parent.span);
            let parents = vec![Doc::text(name), line(first), Doc::text("to"), words::names(&exception.parents)];
            let head = Doc::Group(2, parents);
            body(head, exception.condition.as_ref(), &exception.effects, &exception.because, exception.cite.as_ref())
        }
        ItemKind::Test(test) => test_case(test),
        ItemKind::Assert(assert) => self::assert(assert),
    }
}

fn import(import: &Import) -> String {
    format!("{} version {}", import.name.text, import.version.value)
}

fn line(span: Span) -> Doc {
    Doc::Line(span.start as usize)
}

/// A head and what follows it on the same line if both fit.
fn joined(head: String, rest: String, place: Span) -> Doc {
    Doc::Group(2, vec![Doc::text(head), line(place), Doc::text(rest)])
}

/// A head with the words that lead to its list: on one line unless they alone are too long for it.
fn head_line(head: String, lead: String, place: Span) -> Doc {
    if width(&head) + 1 + width(&lead) > WIDTH {
        Doc::Broken(0, vec![Doc::text(head), line(place), Doc::text(lead)])
    } else {
        Doc::text(format!("{head} {lead}"))
    }
}

fn input(input: &Input, end: usize) -> Doc {
    let optional = if input.optional { "optional " } else { "" };
    let head = format!("{optional}input {}", described(&input.name, input.text.as_ref()));
    let tail = input.fixed.then(|| (end, "fixed".to_owned()));
    typed(head, &input.ty, tail)
}

fn setting(setting: &Setting) -> Doc {
    let head = format!("setting {}", described(&setting.name, setting.text.as_ref()));
    let default = format!("default {}", literal(&setting.default));
    typed(head, &setting.ty, Some((setting.default.span.start as usize, default)))
}

/// A name, its type, and a last word with its place.
fn typed(head: String, ty: &Type, tail: Option<(usize, String)>) -> Doc {
    let (lead, list): (String, Option<&[Label]>) = match &ty.kind {
        TypeKind::YesNo => ("is yes or no".to_owned(), None),
        TypeKind::OneOf(labels) => ("is one of".to_owned(), Some(labels)),
        TypeKind::SetOf(labels) => ("is a set of".to_owned(), Some(labels)),
        TypeKind::Number(from, to) => (format!("is a number from {} to {}", from.value, to.value), None),
        TypeKind::Duration(from, to) => {
            (format!("is a duration from {} to {}", words::duration(*from), words::duration(*to)), None)
        }
        TypeKind::Moment(None) => ("is a moment".to_owned(), None),
        TypeKind::Moment(Some(zone)) => (format!("is a moment in zone {}", quoted(zone)), None),
        TypeKind::Date(from, to) => (format!("is a date from {} to {}", words::date(*from), words::date(*to)), None),
        TypeKind::Time => ("is a time".to_owned(), None),
        TypeKind::Identifier(name) if starts_with_vowel(&name.text) => (format!("is an {}", name.text), None),
        TypeKind::Identifier(name) => (format!("is a {}", name.text), None),
    };
    let tail = tail.into_iter().flat_map(|(place, word)| [Doc::Line(place), Doc::Text(word)]);
    let Some(labels) = list else {
        let ending = Doc::Group(2, [Doc::Text(lead)].into_iter().chain(tail).collect());
        return Doc::Group(2, vec![Doc::Text(head), line(ty.span), ending]);
    };
    let docs = [head_line(head, lead, ty.span), values(labels)];
    Doc::Group(2, docs.into_iter().chain(tail).collect())
}

fn starts_with_vowel(word: &str) -> bool {
    word.starts_with(['a', 'e', 'i', 'o'])
}

/// Values fill the lines; as soon as one has a description, each stands on a line of its own.
fn values(labels: &[Label]) -> Doc {
    let words = words::labels(labels);
    if labels.iter().all(|label| label.text.is_none()) { words::fill(words) } else { column(words) }
}

/// Words below each other if they do not fit on the line.
fn column(words: Vec<(Span, String)>) -> Doc {
    let lines = words::with_commas(words).into_iter().flat_map(|(place, word)| [Doc::Line(place), Doc::Text(word)]);
    Doc::Group(2, lines.collect())
}

fn calendar(calendar: &Calendar, all: Span) -> Doc {
    let head = format!("calendar {}", described(&calendar.name, calendar.text.as_ref()));
    let Some(spans) = &calendar.spans else {
        return joined(head, "is kept outside".to_owned(), Span { start: all.end, ..all });
    };
    let place = spans.first().map_or(calendar.name.span, |span| span.span);
    let list = column(spans.iter().map(|span| (span.span, calendar_span(span))).collect());
    let mut docs = vec![head_line(head, "is".to_owned(), place), list];
    if let Some(first) = calendar.except.first() {
        docs.extend([line(first.span), Doc::text("except"), words::names(&calendar.except)]);
    }
    Doc::Group(2, docs)
}

fn calendar_span(span: &CalendarSpan) -> String {
    let weekday = |day: u8| WEEKDAYS.get(usize::from(day)).copied().unwrap_or("monday");
    let days = match span.days {
        Days::Every => "every day".to_owned(),
        Days::Yearly(day) => format!("every year on {}", words::year_day(day)),
        Days::YearlyRange(from, to) => format!("every year from {} to {}", words::year_day(from), words::year_day(to)),
        Days::Weekdays(from, to) if from == to => weekday(from).to_owned(),
        Days::Weekdays(from, to) => format!("{} to {}", weekday(from), weekday(to)),
        Days::On(date) => words::date(date),
        Days::Range(from, to) => format!("from {} to {}", words::date(from), words::date(to)),
    };
    let hours = span.hours.map(|hours| {
        let next_day = if hours.next_day { " next day" } else { "" };
        format!(" from {} until {}{next_day}", words::time(hours.from), words::time(hours.until))
    });
    days + &hours.unwrap_or_default()
}

fn assume(assume: &Assume) -> Doc {
    let mut docs = vec![Doc::text(format!("assume {}", quoted(&assume.text)))];
    match &assume.kind {
        AssumeKind::Never(condition) => docs.extend([line(condition.span), conditions("never", condition)]),
        AssumeKind::IfThen(first, then) => docs.extend([line(first.span), implication("if", first, then, 0)]),
    }
    Doc::Broken(2, docs)
}

/// `if A then B`, on two lines if it does not fit on one or has bullets before `then`.
fn implication(lead: &str, first: &All, then: &All, nest: usize) -> Doc {
    let docs = vec![conditions(lead, first), line(then.span), conditions("then", then)];
    if has_bullets(first) { Doc::Broken(nest, docs) } else { Doc::Group(nest, docs) }
}

fn decision(decision: &Decision) -> Doc {
    let mut docs = vec![Doc::text(format!("decision {}", described(&decision.name, decision.text.as_ref())))];
    for one in &decision.answers {
        docs.extend([line(one.span), answer(one)]);
    }
    Doc::Broken(2, docs)
}

fn answer(answer: &Answer) -> Doc {
    let head = format!("answer {}", described(&answer.name, answer.text.as_ref()));
    let (lead, list): (String, Option<&[Label]>) = match &answer.kind {
        AnswerKind::YesNo => ("is yes or no".to_owned(), None),
        AnswerKind::OneOf(labels) => ("is one of".to_owned(), Some(labels)),
        AnswerKind::SetOf(labels) => ("is a set of".to_owned(), Some(labels)),
        AnswerKind::Strictest(labels) => ("is the strictest of".to_owned(), Some(labels)),
        AnswerKind::Shortest(most) => (format!("is the shortest duration up to {}", words::duration(*most)), None),
    };
    let next = answer.only_when.as_ref().map_or(answer.span.end, |(name, _)| name.span.start);
    let first = list.and_then(<[Label]>::first).map_or(next, |label| label.name.span.start);
    let mut docs = vec![head_line(head, lead, Span { start: first, ..answer.span })];
    docs.extend(list.map(values));
    if let Some((name, value)) = &answer.only_when {
        docs.extend([line(name.span), Doc::text(format!("only when {} is {}", name.text, value.text))]);
    }
    Doc::Group(2, docs)
}

fn body(head: Doc, condition: Option<&All>, said: &[Effect], because: &Text, cite: Option<&Text>) -> Doc {
    let first = said.first().map_or(because.span, |effect| effect.span);
    let mut docs = vec![head];
    match condition {
        Some(condition) => docs.extend([line(condition.span), conditions("when", condition)]),
        None => docs.extend([line(first), Doc::text("always")]),
    }
    docs.extend([line(first), effects("then", said)]);
    reasons(&mut docs, Some(because), cite);
    Doc::Broken(2, docs)
}

fn reasons(docs: &mut Vec<Doc>, because: Option<&Text>, cite: Option<&Text>) {
    for (word, text) in [("because", because), ("cite", cite)] {
        if let Some(text) = text {
            docs.extend([line(text.span), Doc::text(format!("{word} {}", quoted(text)))]);
        }
    }
}

fn effects(lead: &str, effects: &[Effect]) -> Doc {
    let mut docs = vec![Doc::text(format!("{lead} "))];
    for (at, effect) in effects.iter().enumerate() {
        if at > 0 {
            docs.extend([line(effect.span), Doc::text("and ")]);
        }
        match &effect.kind {
            EffectKind::Is(value) => docs.push(Doc::text(format!("{} is {}", effect.answer.text, literal(value)))),
            EffectKind::Include(names) => {
                docs.extend([Doc::text(format!("{} include", effect.answer.text)), words::names(names)]);
            }
            EffectKind::Omit(names) => {
                docs.extend([Doc::text(format!("{} omit", effect.answer.text)), words::names(names)]);
            }
        }
    }
    Doc::Group(2, docs)
}

fn test_case(test: &TestCase) -> Doc {
    Doc::Broken(
        2,
        vec![
            Doc::text(format!("test {}", quoted(&test.name))),
            line(test.given.span),
            conditions("given", &test.given),
            line(test.expect.span),
            conditions("expect", &test.expect),
        ],
    )
}

fn assert(assert: &Assert) -> Doc {
    let head = format!("assert {}", described(&assert.name, assert.text.as_ref()));
    let (place, promise, must_break) = match &assert.kind {
        AssertKind::Never(condition) => (condition.span, conditions("never", condition), has_bullets(condition)),
        AssertKind::Possible(condition) => (condition.span, conditions("possible", condition), has_bullets(condition)),
        AssertKind::AlwaysIf(first, then) => {
            let must_break = has_bullets(first) || has_bullets(then);
            (first.span, implication("always if", first, then, 0), must_break)
        }
        AssertKind::Unchanged(since, except) => {
            let mut docs = vec![Doc::text(format!("unchanged since {}", import(since)))];
            if let Some(condition) = except {
                docs.extend([line(condition.span), conditions("except when", condition)]);
            }
            (since.name.span, Doc::Group(0, docs), except.as_ref().is_some_and(has_bullets))
        }
        AssertKind::Changes { input, from, to, answer, becomes } => {
            let first = format!("if {} changes from {} to {}", input.text, literal(from), literal(to));
            let then = format!("then {} never becomes {}", answer.text, literal(becomes));
            (input.span, Doc::Group(0, vec![Doc::text(first), line(answer.span), Doc::text(then)]), false)
        }
    };
    let docs = vec![Doc::text(head), line(place), promise];
    if must_break || assert.text.is_some() { Doc::Broken(2, docs) } else { Doc::Group(2, docs) }
}

/// A head, a word and a condition: on one line if they fit, with bullets below.
fn named_condition(head: &str, lead: &str, condition: &All) -> Doc {
    Doc::Group(2, vec![Doc::text(head), line(condition.span), conditions(lead, condition)])
}

fn has_bullets(all: &All) -> bool {
    all.clauses.iter().any(|clause| matches!(clause, Clause::AtLeast(_)))
}

/// A word and the conditions behind it: on one line if they fit, otherwise each on its own.
fn conditions(lead: &str, all: &All) -> Doc {
    let mut docs = vec![Doc::text(format!("{lead} "))];
    let mut bullets = None;
    for (at, clause) in all.clauses.iter().enumerate() {
        let place = match clause {
            Clause::One(one) => words::place(one),
            Clause::AtLeast(list) => list.span,
        };
        if at > 0 {
            docs.extend([line(place), Doc::text("and ")]);
        }
        match clause {
            Clause::One(one) => docs.extend(words::one(one)),
            Clause::AtLeast(list) => {
                let many = list.count.map_or("any of".to_owned(), |count| format!("at least {} of", count.value));
                docs.push(Doc::text(many));
                bullets = Some(Doc::Bullets(list.bullets.iter().map(|bullet| self::bullet(bullet)).collect()));
            }
        }
    }
    docs.extend(bullets);
    Doc::Group(2, docs)
}

fn bullet(ones: &[crate::ast::One]) -> (usize, Doc) {
    let place = ones.first().map(words::place).unwrap_or_default();
    let mut docs = Vec::new();
    for (at, one) in ones.iter().enumerate() {
        if at > 0 {
            docs.extend([line(words::place(one)), Doc::text("and ")]);
        }
        docs.extend(words::one(one));
    }
    (place.start as usize, Doc::Group(2, docs))
}

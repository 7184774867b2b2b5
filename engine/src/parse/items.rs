//! Paragraphs: one function for each grammar rule, with the same name. Those with effects or promises stand in `rules`.
//! In: pairs. Out: items. `None` would mean that the grammar and this file disagree; the caller says so.
//! Refuses to know what names mean.

use super::Rule;
use super::reader::{Pair, Parts, Reader};
use crate::ast::{
    Answer, AnswerKind, Assume, AssumeKind, Calendar, CalendarSpan, Constant, Days, Decision, Fix, Group, Header,
    Hours, Import, Input, ItemKind, Label, Literal, Name, Setting, Term, Text, Type, TypeKind,
};
use crate::keywords;

impl Reader<'_> {
    pub(super) fn header(&self, pair: Pair<'_>) -> Option<Header> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        Some(Header {
            edition: self.int(&parts.take(Rule::int)?),
            name: self.name(&parts.take(Rule::name)?),
            version: self.int(&parts.take(Rule::int)?),
            title: self.text_in(&mut parts),
            refines: parts.take(Rule::import).and_then(|pair| self.import(pair)),
            span,
        })
    }

    pub(super) fn item(&self, pair: Pair<'_>) -> Option<ItemKind> {
        Some(match pair.as_rule() {
            Rule::use_item => ItemKind::Use(self.import(Parts::of(pair).take(Rule::import)?)?),
            Rule::constant => ItemKind::Constant(self.constant(pair)?),
            Rule::fix => ItemKind::Fix(self.fix(pair)?),
            Rule::input => ItemKind::Input(self.input(pair)?),
            Rule::setting => ItemKind::Setting(self.setting(pair)?),
            Rule::group => ItemKind::Group(self.group(pair)?),
            Rule::calendar => ItemKind::Calendar(self.calendar(pair)?),
            Rule::term => ItemKind::Term(self.term(pair)?),
            Rule::assume => ItemKind::Assume(self.assume(pair)?),
            Rule::decision => ItemKind::Decision(self.decision(pair)?),
            Rule::normally => ItemKind::Normally(self.normally(pair)?),
            Rule::unsure => ItemKind::Unsure(self.unsure(pair)?),
            Rule::rule_item => ItemKind::Rule(self.rule_item(pair)?),
            Rule::exception => ItemKind::Exception(self.exception(pair)?),
            Rule::test_case => ItemKind::Test(self.test_case(pair)?),
            Rule::assert => ItemKind::Assert(self.assert(pair)?),
            _ => return None,
        })
    }

    pub(super) fn import(&self, pair: Pair<'_>) -> Option<Import> {
        let mut parts = Parts::of(pair);
        Some(Import { name: self.name(&parts.take(Rule::name)?), version: self.int(&parts.take(Rule::int)?) })
    }

    fn constant(&self, pair: Pair<'_>) -> Option<Constant> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        Some(Constant { name, value: self.literal(parts.take(Rule::literal)?)?, text })
    }

    fn fix(&self, pair: Pair<'_>) -> Option<Fix> {
        let mut parts = Parts::of(pair);
        let one_of = parts.has(Rule::k_one);
        Some(Fix { name: self.name(&parts.take(Rule::name)?), values: self.literals(&mut parts)?, one_of })
    }

    fn input(&self, pair: Pair<'_>) -> Option<Input> {
        let mut parts = Parts::of(pair);
        let (optional, fixed) = (parts.has(Rule::k_optional), parts.has(Rule::k_fixed));
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        Some(Input { optional, name, text, ty: self.type_of(parts.next()?)?, fixed })
    }

    fn setting(&self, pair: Pair<'_>) -> Option<Setting> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        let ty = self.type_of(parts.next()?)?;
        Some(Setting { name, text, ty, default: self.literal(parts.take(Rule::literal)?)? })
    }

    fn group(&self, pair: Pair<'_>) -> Option<Group> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        let of = self.name(&parts.take(Rule::name)?);
        let outside = parts.take(Rule::kept_outside).is_some();
        let members = if outside { None } else { Some(self.literals(&mut parts)?) };
        Some(Group { name, text, of, members })
    }

    fn calendar(&self, pair: Pair<'_>) -> Option<Calendar> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        let outside = parts.take(Rule::kept_outside).is_some();
        let spans = parts.all(Rule::span).into_iter().map(|pair| self.calendar_span(pair)).collect::<Option<_>>()?;
        Some(Calendar { name, text, spans: if outside { None } else { Some(spans) }, except: self.names(&mut parts) })
    }

    fn calendar_span(&self, pair: Pair<'_>) -> Option<CalendarSpan> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let days = self.days(parts.next()?)?;
        Some(CalendarSpan { days, hours: parts.take(Rule::hours).and_then(|pair| self.hours(pair)), span })
    }

    fn days(&self, pair: Pair<'_>) -> Option<Days> {
        if pair.as_rule() == Rule::date {
            return Some(Days::On(self.date(&pair)));
        }
        let rule = pair.as_rule();
        let mut parts = Parts::of(pair);
        let first = parts.next();
        let last = parts.next();
        Some(match (rule, first, last) {
            (Rule::every, None, None) => Days::Every,
            (Rule::every, Some(day), None) => Days::Yearly(self.year_day(&day)),
            (Rule::every, Some(first), Some(last)) => Days::YearlyRange(self.year_day(&first), self.year_day(&last)),
            (Rule::range, Some(first), Some(last)) => Days::Range(self.date(&first), self.date(&last)),
            (Rule::weekdays, Some(first), last) => {
                let first = keywords::weekday(first.as_str().trim())?;
                let last = last.and_then(|last| keywords::weekday(last.as_str().trim()));
                Days::Weekdays(first, last.unwrap_or(first))
            }
            _ => return None,
        })
    }

    fn hours(&self, pair: Pair<'_>) -> Option<Hours> {
        let mut parts = Parts::of(pair);
        let next_day = parts.has(Rule::w_next);
        let from = self.time(&parts.take(Rule::time)?);
        Some(Hours { from, until: self.time(&parts.take(Rule::time)?), next_day })
    }

    fn term(&self, pair: Pair<'_>) -> Option<Term> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        Some(Term { name, text, condition: self.all(parts.take(Rule::all)?)? })
    }

    fn assume(&self, pair: Pair<'_>) -> Option<Assume> {
        let mut parts = Parts::of(pair);
        let text = self.text_in(&mut parts)?;
        let first = self.all(parts.take(Rule::all)?)?;
        let kind = match parts.take(Rule::all) {
            Some(then) => AssumeKind::IfThen(first, self.all(then)?),
            None => AssumeKind::Never(first),
        };
        Some(Assume { text, kind })
    }

    fn decision(&self, pair: Pair<'_>) -> Option<Decision> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        let answers = parts.all(Rule::answer).into_iter().map(|pair| self.answer(pair)).collect::<Option<_>>()?;
        Some(Decision { name, text, answers })
    }

    fn answer(&self, pair: Pair<'_>) -> Option<Answer> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        let kind = self.kind(parts.next()?)?;
        let only_when = parts.take(Rule::only_when).and_then(|pair| self.only_when(pair));
        Some(Answer { name, text, kind, only_when, span })
    }

    fn kind(&self, pair: Pair<'_>) -> Option<AnswerKind> {
        let rule = pair.as_rule();
        let mut parts = Parts::of(pair);
        Some(match rule {
            Rule::yes_or_no => AnswerKind::YesNo,
            Rule::one_of => AnswerKind::OneOf(self.labels(&mut parts)?),
            Rule::set_of => AnswerKind::SetOf(self.labels(&mut parts)?),
            Rule::strictest => AnswerKind::Strictest(self.labels(&mut parts)?),
            Rule::shortest => AnswerKind::Shortest(self.duration(parts.take(Rule::duration)?)?),
            _ => return None,
        })
    }

    fn only_when(&self, pair: Pair<'_>) -> Option<(Name, Name)> {
        let mut names = pair
            .into_inner()
            .filter(|part| matches!(part.as_rule(), Rule::name | Rule::int | Rule::k_yes | Rule::k_no));
        Some((self.name(&names.next()?), self.name(&names.next()?)))
    }

    fn type_of(&self, pair: Pair<'_>) -> Option<Type> {
        let span = self.span(&pair);
        let rule = pair.as_rule();
        let mut parts = Parts::of(pair);
        let kind = match rule {
            Rule::yes_or_no => TypeKind::YesNo,
            Rule::one_of => TypeKind::OneOf(self.labels(&mut parts)?),
            Rule::set_of => TypeKind::SetOf(self.labels(&mut parts)?),
            Rule::number => TypeKind::Number(self.int(&parts.take(Rule::int)?), self.int(&parts.take(Rule::int)?)),
            Rule::duration_type => {
                let from = self.duration(parts.take(Rule::duration)?)?;
                TypeKind::Duration(from, self.duration(parts.take(Rule::duration)?)?)
            }
            Rule::moment => TypeKind::Moment(self.text_in(&mut parts)),
            Rule::date_type => TypeKind::Date(self.date(&parts.take(Rule::date)?), self.date(&parts.take(Rule::date)?)),
            Rule::time_type => TypeKind::Time,
            Rule::identifier => TypeKind::Identifier(self.name(&parts.take(Rule::name)?)),
            _ => return None,
        };
        Some(Type { kind, span })
    }

    fn labels(&self, parts: &mut Parts<'_>) -> Option<Vec<Label>> {
        parts.all(Rule::label).into_iter().map(|pair| self.label(pair)).collect()
    }

    fn label(&self, pair: Pair<'_>) -> Option<Label> {
        let mut parts = Parts::of(pair);
        Some(Label { name: self.name(&parts.next()?), text: self.text_in(&mut parts) })
    }

    pub(super) fn names(&self, parts: &mut Parts<'_>) -> Vec<Name> {
        parts.all(Rule::name).iter().map(|pair| self.name(pair)).collect()
    }

    pub(super) fn members(&self, parts: &mut Parts<'_>) -> Vec<Name> {
        parts.all(Rule::member).iter().map(|pair| self.name(pair)).collect()
    }

    pub(super) fn literals(&self, parts: &mut Parts<'_>) -> Option<Vec<Literal>> {
        parts.all(Rule::literal).into_iter().map(|pair| self.literal(pair)).collect()
    }

    pub(super) fn text_in(&self, parts: &mut Parts<'_>) -> Option<Text> {
        parts.take(Rule::text).map(|pair| self.text(&pair))
    }
}

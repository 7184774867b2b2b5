//! Conditions: one function for each grammar rule, with the same name.
//! In: pairs. Out: lists of clauses. Refuses to know what names mean and whether a test fits its input.

use super::Rule;
use super::reader::{Pair, Parts, Reader};
use crate::ast::{All, AtLeast, Clause, Comparison, One, Test, TestKind};

impl Reader<'_> {
    pub(super) fn all(&self, pair: Pair<'_>) -> Option<All> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let mut clauses = Vec::new();
        while let Some(part) = parts.next() {
            clauses.push(match part.as_rule() {
                Rule::at_least => Clause::AtLeast(self.at_least(part)?),
                _ => Clause::One(self.one(part)?),
            });
        }
        Some(All { clauses, span })
    }

    fn at_least(&self, pair: Pair<'_>) -> Option<AtLeast> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let count = parts.take(Rule::int).map(|pair| self.int(&pair));
        let bullets = parts.all(Rule::bullet).into_iter().map(|pair| self.bullet(pair)).collect::<Option<_>>()?;
        Some(AtLeast { count, bullets, span })
    }

    fn bullet(&self, pair: Pair<'_>) -> Option<Vec<One>> {
        Parts::of(pair).all(Rule::one).into_iter().map(|pair| self.one(pair)).collect()
    }

    fn one(&self, pair: Pair<'_>) -> Option<One> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let subject = self.name(&parts.take(Rule::name)?);
        if parts.has(Rule::k_not) {
            return Some(One::NotTerm(subject, span));
        }
        let Some(test) = parts.next() else {
            return Some(One::Term(subject));
        };
        let kind = match test.as_rule() {
            Rule::is_test => self.is_test(test)?,
            Rule::include_test => self.include_test(test)?,
            _ => self.operator_test(test)?,
        };
        Some(One::Test(Test { subject, kind, span }))
    }

    fn is_test(&self, pair: Pair<'_>) -> Option<TestKind> {
        let mut parts = Parts::of(pair);
        let not = parts.has(Rule::k_not);
        if parts.has(Rule::k_set) {
            return Some(if not { TestKind::IsNotSet } else { TestKind::IsSet });
        }
        if let Some(comparison) = parts.take(Rule::comparison) {
            let comparison = self.comparison(comparison);
            return Some(TestKind::Compare(comparison, self.literal(parts.take(Rule::literal)?)?));
        }
        if let Some(name) = parts.take(Rule::name) {
            let name = self.name(&name);
            return Some(match (parts.has(Rule::k_during), parts.has(Rule::k_outside), not) {
                (true, ..) => TestKind::During(name),
                (_, true, _) => TestKind::Outside(name),
                (_, _, true) => TestKind::IsNotIn(name),
                _ => TestKind::IsIn(name),
            });
        }
        if parts.has(Rule::k_one) {
            let values = self.literals(&mut parts)?;
            return Some(if not { TestKind::IsNotOneOf(values) } else { TestKind::IsOneOf(values) });
        }
        let value = self.literal(parts.take(Rule::literal)?)?;
        if parts.has(Rule::k_from) {
            let end = self.literal(parts.take(Rule::literal)?)?;
            let until = parts.has(Rule::k_until);
            return Some(if until { TestKind::FromUntil(value, end) } else { TestKind::FromTo(value, end) });
        }
        Some(if not { TestKind::IsNot(value) } else { TestKind::Is(value) })
    }

    fn comparison(&self, pair: Pair<'_>) -> Comparison {
        let words = Parts::of(pair);
        if words.has(Rule::k_least) {
            Comparison::AtLeast
        } else if words.has(Rule::k_most) {
            Comparison::AtMost
        } else if words.has(Rule::k_more) {
            Comparison::MoreThan
        } else if words.has(Rule::k_less) {
            Comparison::LessThan
        } else if words.has(Rule::k_before) {
            Comparison::Before
        } else {
            Comparison::After
        }
    }

    fn include_test(&self, pair: Pair<'_>) -> Option<TestKind> {
        let mut parts = Parts::of(pair);
        let mut members = self.members(&mut parts);
        Some(if parts.has(Rule::k_one) {
            TestKind::IncludeOneOf(members)
        } else if parts.has(Rule::k_all) {
            TestKind::IncludeAllOf(members)
        } else if parts.has(Rule::k_do) {
            TestKind::DoNotInclude(members.pop()?)
        } else {
            TestKind::Include(members.pop()?)
        })
    }

    fn operator_test(&self, pair: Pair<'_>) -> Option<TestKind> {
        let mut parts = Parts::of(pair);
        let sign = parts.take(Rule::operator)?.as_str().to_owned();
        let value = self.literal(parts.take(Rule::literal)?)?;
        Some(match super::operators::meaning(&sign, super::operators::is_point_in_time(&value)) {
            Some((_, Some(comparison))) => TestKind::Compare(comparison, value),
            Some((_, None)) if super::operators::negates(&sign) => TestKind::IsNot(value),
            _ => TestKind::Is(value),
        })
    }
}

//! Rules, exceptions and what else has effects, tests and assertions: one function for each grammar rule, with the same name.
//! In: pairs. Out: items. Refuses to know what names mean.

use super::Rule;
use super::reader::{Pair, Parts, Reader};
use crate::ast;
use crate::ast::{Assert, AssertKind, Effect, EffectKind, Exception, Normally, TestCase, Text, Unsure};

impl Reader<'_> {
    pub(super) fn normally(&self, pair: Pair<'_>) -> Option<Normally> {
        let mut parts = Parts::of(pair);
        let effects = self.effects(&mut parts)?;
        Some(Normally { effects, because: self.because(&mut parts)?, cite: self.cite(&mut parts) })
    }

    pub(super) fn unsure(&self, pair: Pair<'_>) -> Option<Unsure> {
        let mut parts = Parts::of(pair);
        Some(Unsure { effects: self.effects(&mut parts)?, because: self.because(&mut parts) })
    }

    pub(super) fn rule_item(&self, pair: Pair<'_>) -> Option<ast::Rule> {
        let mut parts = Parts::of(pair);
        Some(ast::Rule {
            name: self.name(&parts.take(Rule::name)?),
            text: self.text_in(&mut parts),
            condition: parts.take(Rule::all).and_then(|pair| self.all(pair)),
            effects: self.effects(&mut parts)?,
            because: self.because(&mut parts)?,
            cite: self.cite(&mut parts),
        })
    }

    pub(super) fn exception(&self, pair: Pair<'_>) -> Option<Exception> {
        let mut parts = Parts::of(pair);
        Some(Exception {
            name: self.name(&parts.take(Rule::name)?),
            text: self.text_in(&mut parts),
            parents: self.names(&mut parts),
            condition: parts.take(Rule::all).and_then(|pair| self.all(pair)),
            effects: self.effects(&mut parts)?,
            because: self.because(&mut parts)?,
            cite: self.cite(&mut parts),
        })
    }

    fn because(&self, parts: &mut Parts<'_>) -> Option<Text> {
        self.text_in(&mut Parts::of(parts.take(Rule::because)?))
    }

    fn cite(&self, parts: &mut Parts<'_>) -> Option<Text> {
        self.text_in(&mut Parts::of(parts.take(Rule::cite)?))
    }

    fn effects(&self, parts: &mut Parts<'_>) -> Option<Vec<Effect>> {
        parts.all(Rule::effect).into_iter().map(|pair| self.effect(pair)).collect()
    }

    fn effect(&self, pair: Pair<'_>) -> Option<Effect> {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair);
        let answer = self.name(&parts.take(Rule::name)?);
        let kind = match parts.take(Rule::literal) {
            Some(literal) => EffectKind::Is(self.literal(literal)?),
            None if parts.has(Rule::k_omit) => EffectKind::Omit(self.members(&mut parts)),
            None => EffectKind::Include(self.members(&mut parts)),
        };
        Some(Effect { answer, kind, span })
    }

    pub(super) fn test_case(&self, pair: Pair<'_>) -> Option<TestCase> {
        let mut parts = Parts::of(pair);
        let name = self.text_in(&mut parts)?;
        let given = self.all(parts.take(Rule::all)?)?;
        Some(TestCase { name, given, expect: self.all(parts.take(Rule::all)?)? })
    }

    pub(super) fn assert(&self, pair: Pair<'_>) -> Option<Assert> {
        let mut parts = Parts::of(pair);
        let name = self.name(&parts.take(Rule::name)?);
        let text = self.text_in(&mut parts);
        let promise = parts.next()?;
        let rule = promise.as_rule();
        let mut parts = Parts::of(promise);
        let kind = match rule {
            Rule::never => AssertKind::Never(self.all(parts.take(Rule::all)?)?),
            Rule::always_if => {
                let condition = self.all(parts.take(Rule::all)?)?;
                AssertKind::AlwaysIf(condition, self.all(parts.take(Rule::all)?)?)
            }
            Rule::possible => AssertKind::Possible(self.all(parts.take(Rule::all)?)?),
            Rule::unchanged => {
                let since = self.import(parts.take(Rule::import)?)?;
                AssertKind::Unchanged(since, parts.take(Rule::all).and_then(|pair| self.all(pair)))
            }
            Rule::changes => AssertKind::Changes {
                input: self.name(&parts.take(Rule::name)?),
                from: self.literal(parts.take(Rule::literal)?)?,
                to: self.literal(parts.take(Rule::literal)?)?,
                answer: self.name(&parts.take(Rule::name)?),
                becomes: self.literal(parts.take(Rule::literal)?)?,
            },
            _ => return None,
        };
        Some(Assert { name, text, kind })
    }
}

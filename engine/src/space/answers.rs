//! From rules to answers: the meaning of exceptions, joins and `only when`, as diagrams.
//!
//! In: rules with the diagrams of their own conditions. Out: the roots of one answer.
//! Refuses to know: where conditions come from. The equations are those of the reference, chapter "meaning":
//! below a rule whose condition holds, its exceptions speak first; where none speaks, the rule itself does.

use crate::diagram::{Exploded, Forest, Op, Ref};
use crate::model::{BLANK, CONFLICT, EffectModel, GAP, NO, NO_LIMIT, RuleModel, YES};
use crate::schema::{AnswerId, AnswerKind, DecisionId};

/// How values of different rules meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// Different values conflict.
    Flat,
    /// The highest terminal wins.
    Highest,
    /// The lowest terminal wins.
    Lowest,
}

impl Join {
    /// The join of an answer; nothing for sets, whose members are truth values.
    #[must_use]
    pub fn of(kind: &AnswerKind) -> Option<Join> {
        match kind {
            AnswerKind::OneOf { .. } => Some(Join::Flat),
            AnswerKind::Strictest(_) => Some(Join::Highest),
            AnswerKind::Shortest(_) => Some(Join::Lowest),
            AnswerKind::SetOf(_) => None,
        }
    }
}

/// Builds the answers of one decision from the guards of its rules.
#[derive(Clone, Copy, Debug)]
pub struct Answers<'a> {
    /// All rules of the model.
    pub rules: &'a [RuleModel],
    /// The diagram of each rule's own condition; of rules that do not matter here it may be anything.
    pub guards: &'a [Ref],
    /// A rule to leave out, together with every exception that stands only below it.
    pub without: Option<usize>,
}

impl Answers<'_> {
    /// The value of a single-valued answer, before `only when`. [`GAP`] where nothing is said; [`CONFLICT`] where rules differ.
    pub fn value(
        &self,
        forest: &mut Forest,
        decision: DecisionId,
        answer: AnswerId,
        join: Join,
        normally: &[EffectModel],
    ) -> Result<Ref, Exploded> {
        let relevant = self.relevant(decision, answer);
        let mut known = vec![None; self.rules.len()];
        let tops = self.tops(decision, &relevant);
        let join = JoinOp { number: forest.fresh_op(), join };
        let or_else = OrElse { number: forest.fresh_op() };
        let said = self.join_kids(forest, &tops, &relevant, &mut known, (answer, &join, &or_else))?;
        let mut fallback = normally.iter().find_map(|effect| says(effect, answer)).map(Ref::terminal);
        if join.join == Join::Lowest {
            fallback = fallback.or(Some(Ref::terminal(NO_LIMIT)));
        }
        match fallback {
            Some(fallback) => forest.apply(&or_else, [said, fallback, Ref::FALSE]),
            None => Ok(said),
        }
    }

    /// Whether a member is in a set answer, before `only when`.
    pub fn member(
        &self,
        forest: &mut Forest,
        decision: DecisionId,
        answer: AnswerId,
        member: u8,
    ) -> Result<Ref, Exploded> {
        let relevant = self.relevant_member(decision, answer, member);
        let mut known = vec![None; self.rules.len()];
        let tops = self.tops(decision, &relevant);
        let mut parts = Vec::with_capacity(tops.len());
        for rule in tops {
            parts.push(self.member_below(forest, rule, &relevant, &mut known, (answer, member))?);
        }
        forest.or_all(&parts)
    }

    /// For each rule, whether it or an exception below it says this answer (for any member, of a set).
    #[must_use]
    pub fn relevant(&self, decision: DecisionId, answer: AnswerId) -> Vec<bool> {
        self.relevant_if(decision, |effect| match *effect {
            EffectModel::Is(a, _) | EffectModel::Include(a, _) | EffectModel::Omit(a, _) => a == answer,
        })
    }

    fn relevant_member(&self, decision: DecisionId, answer: AnswerId, member: u8) -> Vec<bool> {
        self.relevant_if(decision, |effect| match *effect {
            EffectModel::Include(a, mask) | EffectModel::Omit(a, mask) => a == answer && mask >> member & 1 == 1,
            EffectModel::Is(..) => false,
        })
    }

    fn relevant_if(&self, decision: DecisionId, says: impl Fn(&EffectModel) -> bool) -> Vec<bool> {
        let mut relevant = vec![false; self.rules.len()];
        let mut todo = Vec::new();
        for (number, rule) in self.rules.iter().enumerate() {
            if rule.decision == decision && self.without != Some(number) && rule.effects.iter().any(&says) {
                todo.push(number);
            }
        }
        while let Some(number) = todo.pop() {
            if Some(number) != self.without && !std::mem::replace(&mut relevant[number], true) {
                todo.extend(&self.rules[number].parents);
            }
        }
        relevant
    }

    fn tops(&self, decision: DecisionId, relevant: &[bool]) -> Vec<usize> {
        let all = self.rules.iter().enumerate();
        all.filter(|(n, rule)| rule.decision == decision && rule.parents.is_empty() && relevant[*n])
            .map(|(n, _)| n)
            .collect()
    }

    fn value_below(
        &self,
        forest: &mut Forest,
        rule: usize,
        relevant: &[bool],
        known: &mut Vec<Option<Ref>>,
        how: How<'_>,
    ) -> Result<Ref, Exploded> {
        if let Some(found) = known[rule] {
            return Ok(found);
        }
        let kids = self.kids(rule, relevant);
        let mut said = self.join_kids(forest, &kids, relevant, known, how)?;
        if let Some(own) = self.says(rule, how.0) {
            said = forest.apply(how.2, [said, Ref::terminal(own), Ref::FALSE])?;
        }
        let built = forest.if_then_else(self.guards[rule], said, Ref::terminal(GAP))?;
        known[rule] = Some(built);
        Ok(built)
    }

    /// Rules without exceptions that say the same are one condition; the rest is joined one by one, in a balanced tree.
    fn join_kids(
        &self,
        forest: &mut Forest,
        kids: &[usize],
        relevant: &[bool],
        known: &mut Vec<Option<Ref>>,
        how: How<'_>,
    ) -> Result<Ref, Exploded> {
        let mut alike: Vec<(u32, Vec<Ref>)> = Vec::new();
        let mut parts = Vec::new();
        for &kid in kids {
            match self.says(kid, how.0) {
                Some(own) if self.kids(kid, relevant).is_empty() => {
                    match alike.binary_search_by_key(&own, |(value, _)| *value) {
                        Ok(at) => alike[at].1.push(self.guards[kid]),
                        Err(at) => alike.insert(at, (own, vec![self.guards[kid]])),
                    }
                }
                _ => parts.push(self.value_below(forest, kid, relevant, known, how)?),
            }
        }
        for (value, guards) in alike {
            let guard = forest.or_all(&guards)?;
            parts.push(forest.if_then_else(guard, Ref::terminal(value), Ref::terminal(GAP))?);
        }
        forest.join_all(how.1, &parts, Ref::terminal(GAP))
    }

    fn member_below(
        &self,
        forest: &mut Forest,
        rule: usize,
        relevant: &[bool],
        known: &mut Vec<Option<Ref>>,
        what: (AnswerId, u8),
    ) -> Result<Ref, Exploded> {
        if let Some(found) = known[rule] {
            return Ok(found);
        }
        let (mut omitted, mut parts) = (Vec::new(), Vec::new());
        for kid in self.kids(rule, relevant) {
            if self.omits(kid, what) {
                omitted.push(self.guards[kid]);
            }
            parts.push(self.member_below(forest, kid, relevant, known, what)?);
        }
        if self.includes(rule, what) {
            let omitted = forest.or_all(&omitted)?;
            parts.push(forest.not(omitted)?);
        }
        let said = forest.or_all(&parts)?;
        let built = forest.and(self.guards[rule], said)?;
        known[rule] = Some(built);
        Ok(built)
    }

    fn kids(&self, rule: usize, relevant: &[bool]) -> Vec<usize> {
        self.rules[rule].kids.iter().copied().filter(|&kid| relevant[kid]).collect()
    }

    fn says(&self, rule: usize, answer: AnswerId) -> Option<u32> {
        self.rules[rule].effects.iter().find_map(|effect| says(effect, answer))
    }

    fn includes(&self, rule: usize, (answer, member): (AnswerId, u8)) -> bool {
        let mut effects = self.rules[rule].effects.iter();
        effects.any(|e| matches!(*e, EffectModel::Include(a, mask) if a == answer && mask >> member & 1 == 1))
    }

    fn omits(&self, rule: usize, (answer, member): (AnswerId, u8)) -> bool {
        let mut effects = self.rules[rule].effects.iter();
        effects.any(|e| matches!(*e, EffectModel::Omit(a, mask) if a == answer && mask >> member & 1 == 1))
    }
}

/// The root with the answer blanked wherever the earlier answer does not have one of the terminals.
pub fn blank_unless(forest: &mut Forest, root: Ref, earlier: Ref, terminals: &[u32]) -> Result<Ref, Exploded> {
    let shown = forest.values_where(earlier, |value| terminals.binary_search(&value).is_ok())?;
    forest.if_then_else(shown, root, Ref::terminal(BLANK))
}

/// The answer wanted, how values meet, and how a rule speaks where its exceptions are silent.
type How<'a> = (AnswerId, &'a JoinOp, &'a OrElse);

fn says(effect: &EffectModel, answer: AnswerId) -> Option<u32> {
    match *effect {
        EffectModel::Is(a, terminal) if a == answer => Some(terminal),
        _ => None,
    }
}

struct JoinOp {
    number: u32,
    join: Join,
}

impl Op for JoinOp {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        if f == g || g == Ref::terminal(GAP) {
            return Some(f);
        }
        if f == Ref::terminal(GAP) {
            return Some(g);
        }
        if self.join == Join::Flat && (f == Ref::terminal(CONFLICT) || g == Ref::terminal(CONFLICT)) {
            return Some(Ref::terminal(CONFLICT));
        }
        let (f, g) = (f.value()?, g.value()?);
        Some(Ref::terminal(match self.join {
            Join::Flat => CONFLICT,
            Join::Highest => f.max(g),
            Join::Lowest => f.min(g),
        }))
    }

    fn commutes(&self) -> bool {
        true
    }
}

struct OrElse {
    number: u32,
}

impl Op for OrElse {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [f, g, _]: [Ref; 3]) -> Option<Ref> {
        match f.value() {
            Some(GAP) => Some(g),
            Some(_) => Some(f),
            None => (f == g).then_some(f),
        }
    }
}

const _: () = assert!(NO == 0 && YES == 1, "members use the forest's own false and true");

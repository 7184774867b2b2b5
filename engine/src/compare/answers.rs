//! What becomes of each answer: for every request the value before and the value after.
//!
//! In: the roots of both versions. Out: a diagram of changes for each root, matrices with counts, and all changes of a
//! request as one signature. Refuses to know: rules, and how changes are grouped.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::result::{AnswerChanges, Direction, Row};
use super::{Scale, Side};
use crate::diagram::{Count, Exploded, Forest, Op, Ref};
use crate::model::{BLANK, CONFLICT, GAP, NO, NO_LIMIT, Pair, YES};
use crate::schema::{AnswerId, AnswerKind, DecisionId};
use crate::space::civil;

/// An answer of both versions: its decision and number in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) old: (DecisionId, AnswerId),
    pub(super) new: (DecisionId, AnswerId),
}

/// One root of an answer of both versions, with what becomes of it.
pub(super) struct Root {
    /// Which answer, by number in [`Changes::places`].
    pub(super) place: usize,
    /// The member, for a set.
    pub(super) member: Option<String>,
    /// The root before.
    pub(super) old: Ref,
    /// The root after.
    pub(super) new: Ref,
    /// 0 where nothing changes, else one more than a number in `pairs`.
    pub(super) changes: Ref,
    /// Terminals before and after.
    pub(super) pairs: Vec<(u32, u32)>,
}

/// All changes of answers.
pub(super) struct Changes {
    pub(super) places: Vec<Place>,
    /// The roots that change somewhere.
    pub(super) roots: Vec<Root>,
}

/// What becomes of one root for a group of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    /// These terminals.
    Pair(u32, u32),
    /// Something becomes blank.
    Gone,
    /// Something is said where there was a blank.
    Come,
}

/// All changes of each request in one diagram.
pub(super) struct Signatures {
    /// 0 where nothing changes, else one more than a number in `all`.
    pub(super) diagram: Ref,
    /// By signature: roots, by number in [`Changes::roots`], with their step. Empty where only reasons change.
    pub(super) all: Vec<Vec<(usize, Step)>>,
}

/// Finds the changes of all answers both versions have.
pub(super) fn find(pair: &mut Pair, both: Ref) -> Result<Changes, Exploded> {
    let mut changes = Changes { places: Vec::new(), roots: Vec::new() };
    for (new, decision) in pair.model.schema.decisions.iter().enumerate() {
        let Some(old) = pair.old.schema.decision(&decision.name) else { continue };
        for (answer, declared) in decision.answers.iter().enumerate() {
            let before = &pair.old.schema.decisions[old].answers;
            let Some(was) = before.iter().position(|other| other.name == declared.name) else { continue };
            if same_kind(&before[was].kind, &declared.kind) {
                changes.places.push(Place { old: (old, was), new: (new, answer) });
            }
        }
    }
    for (number, place) in changes.places.iter().enumerate() {
        for (member, old, new) in roots(pair, *place)? {
            let same = same_values(pair, *place);
            let aligned = aligned(pair, *place);
            let forest = &mut pair.model.forest;
            let op = PairOp { number: forest.fresh_op(), same: &same, aligned, pairs: RefCell::default() };
            let found = forest.apply(&op, [old, new, both])?;
            if found != Ref::FALSE {
                let pairs = op.pairs.into_inner();
                changes.roots.push(Root { place: number, member, old, new, changes: found, pairs });
            }
        }
    }
    Ok(changes)
}

/// The members with their roots before and after; without a member for answers that are no sets.
fn roots(pair: &mut Pair, place: Place) -> Result<Vec<(Option<String>, Ref, Ref)>, Exploded> {
    let was = &pair.old.decisions[place.old.0].answers[place.old.1].roots;
    let is = &pair.model.decisions[place.new.0].answers[place.new.1].roots;
    let blank = Ref::terminal(BLANK);
    let first = |roots: &[Ref]| roots.first().copied().unwrap_or(blank);
    let before = &pair.old.schema.decisions[place.old.0].answers[place.old.1].kind;
    let after = &pair.model.schema.decisions[place.new.0].answers[place.new.1].kind;
    if !matches!(after, AnswerKind::SetOf(_)) {
        return Ok(vec![(None, first(was), first(is))]);
    }
    // A member that one version does not have is out there, unless the whole set is blank.
    let forest = &mut pair.model.forest;
    let number = forest.fresh_op();
    let never = |value| if value == BLANK { BLANK } else { NO };
    let (no_longer, not_yet) = (forest.map(first(is), number, never)?, forest.map(first(was), number, never)?);
    let at = |kind: &AnswerKind, name: &str| kind.labels().iter().position(|label| label.name == name);
    let mut all = Vec::new();
    for (label, &new) in after.labels().iter().zip(is) {
        let old = at(before, &label.name).map_or(not_yet, |at| was.get(at).copied().unwrap_or(not_yet));
        all.push((Some(label.name.clone()), old, new));
    }
    for (label, &old) in before.labels().iter().zip(was) {
        if at(after, &label.name).is_none() {
            all.push((Some(label.name.clone()), old, no_longer));
        }
    }
    Ok(all)
}

/// Whether a terminal before and one after mean the same.
fn same_values(pair: &Pair, place: Place) -> impl Fn(u32, u32) -> bool + use<> {
    let values = |side: Side<'_>, (decision, answer): (DecisionId, AnswerId)| match &side.schema.decisions[decision]
        .answers[answer]
        .kind
    {
        AnswerKind::Shortest(_) => {
            let durations = &side.decisions[decision].answers[answer].durations;
            Some(durations.iter().map(u32::to_string).collect::<Vec<String>>())
        }
        AnswerKind::SetOf(_) => None,
        kind => Some(kind.labels().iter().map(|label| label.name.clone()).collect()),
    };
    let (old, new) = (values(Side::old(pair), place.old), values(Side::new(&pair.model), place.new));
    move |from, to| match (&old, &new) {
        (Some(old), Some(new)) if from < GAP.min(CONFLICT) && to < GAP.min(CONFLICT) => {
            old.get(from as usize) == new.get(to as usize)
        }
        _ => from == to,
    }
}

/// Whether equal terminals always mean the same, so that equal diagrams need no look inside.
fn aligned(pair: &Pair, place: Place) -> bool {
    let old = &pair.old.schema.decisions[place.old.0].answers[place.old.1].kind;
    let new = &pair.model.schema.decisions[place.new.0].answers[place.new.1].kind;
    let durations = |side: Side<'_>, (decision, answer): (DecisionId, AnswerId)| {
        side.decisions[decision].answers[answer].durations.clone()
    };
    let names = |kind: &AnswerKind| kind.labels().iter().map(|label| label.name.clone()).collect::<Vec<_>>();
    match new {
        AnswerKind::SetOf(_) => true,
        AnswerKind::Shortest(_) => {
            durations(Side::old(pair), place.old) == durations(Side::new(&pair.model), place.new)
        }
        _ => names(old) == names(new),
    }
}

pub(super) fn same_kind(a: &AnswerKind, b: &AnswerKind) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

impl Changes {
    /// `pickup.factor`.
    pub(super) fn name(&self, pair: &Pair, place: usize) -> String {
        let (decision, answer) = self.places[place].new;
        let decision = &pair.model.schema.decisions[decision];
        format!("{}.{}", decision.name, decision.answers[answer].name)
    }

    /// From what to what, with exact counts, by answer.
    pub(super) fn matrix(&self, pair: &mut Pair, scale: &Scale) -> Vec<AnswerChanges> {
        let mut all = Vec::new();
        for place in 0..self.places.len() {
            let mut rows: Vec<(Count, Row)> = Vec::new();
            let mut anywhere = Ref::FALSE;
            for root in self.roots.iter().filter(|root| root.place == place) {
                for (value, count) in pair.model.forest.counts(root.changes, &scale.weights) {
                    let Some(&(from, to)) = (value as usize).checked_sub(1).and_then(|at| root.pairs.get(at)) else {
                        continue;
                    };
                    let row = Row {
                        member: root.member.clone(),
                        from: self.words(Side::old(pair), root, self.places[place].old, from),
                        to: self.words(Side::new(&pair.model), root, self.places[place].new, to),
                        direction: self.direction(pair, root, from, to),
                        count: scale.counted(&count),
                    };
                    rows.push((count, row));
                }
                let forest = &mut pair.model.forest;
                let changed = forest.values_where(root.changes, |value| value != 0);
                anywhere = changed.and_then(|changed| forest.or(anywhere, changed)).unwrap_or(anywhere);
            }
            if rows.is_empty() {
                continue;
            }
            rows.sort_by(|a, b| b.0.cmp(&a.0));
            let changed = scale.counted(&scale.count(&pair.model.forest, anywhere));
            let rows = rows.into_iter().map(|(_, row)| row).collect();
            all.push(AnswerChanges { name: self.name(pair, place), changed, rows });
        }
        all
    }

    /// All changes of each request in one diagram; what becomes blank, or was blank, counts as one change whatever the value.
    /// Where `reasons` holds and no answer changes, the signature is empty.
    pub(super) fn signatures(&self, forest: &mut Forest, reasons: Ref) -> Result<Signatures, Exploded> {
        let known = RefCell::new(Known::default());
        let mut diagram = Ref::FALSE;
        for (number, root) in self.roots.iter().enumerate() {
            let op = Fold { number: forest.fresh_op(), root: number, pairs: &root.pairs, known: &known };
            diagram = forest.apply(&op, [diagram, root.changes, Ref::FALSE])?;
        }
        if reasons != Ref::FALSE {
            let op = Fold { number: forest.fresh_op(), root: usize::MAX, pairs: &[], known: &known };
            diagram = forest.apply(&op, [diagram, reasons, Ref::FALSE])?;
        }
        Ok(Signatures { diagram, all: known.into_inner().all })
    }

    /// A value as people read it.
    pub(super) fn words(
        &self,
        side: Side<'_>,
        root: &Root,
        (decision, answer): (DecisionId, AnswerId),
        value: u32,
    ) -> String {
        match (value, &root.member) {
            (BLANK, _) => return "blank".to_string(),
            (YES, Some(_)) => return "in".to_string(),
            (_, Some(_)) => return "out".to_string(),
            (NO_LIMIT, _) => return "no limit".to_string(),
            _ => {}
        }
        match &side.schema.decisions[decision].answers[answer].kind {
            AnswerKind::Shortest(_) => {
                let durations = &side.decisions[decision].answers[answer].durations;
                durations.get(value as usize).map_or(String::new(), |&minutes| civil::duration_text(minutes))
            }
            kind => kind.labels().get(value as usize).map_or(String::new(), |label| label.name.clone()),
        }
    }

    /// Where a change of values leads; nothing if one of them is blank.
    pub(super) fn direction(&self, pair: &Pair, root: &Root, from: u32, to: u32) -> Option<Direction> {
        if from == BLANK || to == BLANK {
            return None;
        }
        if root.member.is_some() {
            return Some(if to == YES { Direction::DutyAdded } else { Direction::DutyLost });
        }
        let place = self.places[root.place];
        let new = &pair.model.schema.decisions[place.new.0].answers[place.new.1].kind;
        let old = &pair.old.schema.decisions[place.old.0].answers[place.old.1].kind;
        let stricter = match new {
            AnswerKind::Shortest(_) => {
                let minutes = |side: Side<'_>, (d, a): (DecisionId, AnswerId), value: u32| match value {
                    NO_LIMIT => u32::MAX,
                    value => side.decisions[d].answers[a].durations.get(value as usize).copied().unwrap_or(u32::MAX),
                };
                let before = minutes(Side::old(pair), place.old, from);
                Some(minutes(Side::new(&pair.model), place.new, to) < before)
            }
            AnswerKind::Strictest(_) => in_order(old, new, from, to),
            _ => None,
        };
        Some(match stricter {
            Some(true) => Direction::Stricter,
            Some(false) => Direction::Looser,
            None => Direction::Different,
        })
    }

    /// The directions of a whole signature.
    pub(super) fn directions(&self, pair: &Pair, steps: &[(usize, Step)]) -> Vec<Direction> {
        if steps.is_empty() {
            return vec![Direction::ReasonOnly];
        }
        let mut all: Vec<Direction> = Vec::new();
        for (root, step) in steps {
            if let Step::Pair(from, to) = step {
                all.extend(self.direction(pair, &self.roots[*root], *from, *to));
            }
        }
        if all.is_empty() {
            // Only blanks moved: which answers are given has changed.
            all.push(Direction::Different);
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// Whether `to` is stricter than `from`; nothing if no version knows both, or the versions disagree.
fn in_order(old: &AnswerKind, new: &AnswerKind, from: u32, to: u32) -> Option<bool> {
    let from = &old.labels().get(from as usize)?.name;
    let to = &new.labels().get(to as usize)?.name;
    let order = |kind: &AnswerKind| {
        let at = |name: &str| kind.labels().iter().position(|label| label.name == name);
        Some(at(from)? < at(to)?)
    };
    match (order(old), order(new)) {
        (Some(a), Some(b)) => (a == b).then_some(a),
        (a, b) => a.or(b),
    }
}

/// Pairs the terminals of two diagrams where a third is true.
struct PairOp<'a> {
    number: u32,
    same: &'a dyn Fn(u32, u32) -> bool,
    aligned: bool,
    pairs: RefCell<Vec<(u32, u32)>>,
}

impl Op for PairOp<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [old, new, both]: [Ref; 3]) -> Option<Ref> {
        if both == Ref::FALSE || self.aligned && old == new {
            return Some(Ref::FALSE);
        }
        both.value()?;
        let found = (old.value()?, new.value()?);
        if (self.same)(found.0, found.1) {
            return Some(Ref::FALSE);
        }
        let mut pairs = self.pairs.borrow_mut();
        let at = pairs.iter().position(|known| *known == found).unwrap_or_else(|| {
            pairs.push(found);
            pairs.len() - 1
        });
        Some(Ref::terminal(at as u32 + 1))
    }
}

#[derive(Default)]
struct Known {
    all: Vec<Vec<(usize, Step)>>,
    index: BTreeMap<Vec<(usize, Step)>, u32>,
}

/// Adds the change of one root to the signatures so far.
struct Fold<'a> {
    number: u32,
    root: usize,
    pairs: &'a [(u32, u32)],
    known: &'a RefCell<Known>,
}

impl Op for Fold<'_> {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [so_far, change, _]: [Ref; 3]) -> Option<Ref> {
        if change == Ref::FALSE {
            return Some(so_far);
        }
        let (so_far, change) = (so_far.value()?, change.value()?);
        let mut known = self.known.borrow_mut();
        let mut steps = match (so_far as usize).checked_sub(1) {
            None => Vec::new(),
            Some(at) => known.all.get(at).cloned().unwrap_or_default(),
        };
        if self.root == usize::MAX {
            // Reasons count only where no answer changes.
            if so_far != 0 {
                return Some(Ref::terminal(so_far));
            }
        } else {
            let pair = (change as usize).checked_sub(1).and_then(|at| self.pairs.get(at)).copied().unwrap_or_default();
            steps.push((
                self.root,
                match pair {
                    (BLANK, _) => Step::Come,
                    (_, BLANK) => Step::Gone,
                    (from, to) => Step::Pair(from, to),
                },
            ));
        }
        if let Some(&found) = known.index.get(&steps) {
            return Some(Ref::terminal(found));
        }
        known.all.push(steps.clone());
        let number = known.all.len() as u32;
        known.index.insert(steps, number);
        Some(Ref::terminal(number))
    }
}

//! What a table is about: a function from requests to numbered outcomes.
//!
//! In: the roots of an answer. Out: one diagram, and the outcome behind each of its terminals.
//! Refuses to know: rows and columns. A set is one function of all its members, as long as few enough sets occur.

use super::data::Outcome;
use crate::diagram::{Exploded, Forest, Op, Ref};
use crate::model::{AnswerModel, BLANK, NO_LIMIT, YES};
use crate::schema::AnswerKind;
use crate::typed::AnswerValue;

/// More different sets than this are not told apart in one table.
const MOST_SETS: usize = 512;

/// A function from requests to outcomes.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// The diagram; its terminals are places in `outcomes`.
    pub(super) root: Ref,
    /// The outcomes.
    pub(super) outcomes: Vec<Outcome>,
}

/// The question of an answer as one value; nothing where too many different sets occur among the requests that count.
pub(super) fn whole(
    forest: &mut Forest,
    answer: &AnswerModel,
    kind: &AnswerKind,
    care: Ref,
) -> Result<Option<Question>, Exploded> {
    if matches!(kind, AnswerKind::SetOf(_)) {
        return set(forest, &answer.roots, care);
    }
    let Some(&root) = answer.roots.first() else { return Ok(None) };
    let root = forest.simplify(root, care)?;
    let shortest = matches!(kind, AnswerKind::Shortest(_));
    let outcome = |terminal: u32| {
        Outcome::Value(match terminal {
            BLANK => AnswerValue::Blank,
            NO_LIMIT => AnswerValue::NoLimit,
            index if shortest => AnswerValue::Duration(answer.durations.get(index as usize).copied().unwrap_or(0)),
            index => AnswerValue::Choice(u8::try_from(index).unwrap_or(u8::MAX)),
        })
    };
    numbered(forest, root, outcome).map(Some)
}

/// The question whether one member is in a set answer.
pub(super) fn member(forest: &mut Forest, root: Ref, member: u8, care: Ref) -> Result<Question, Exploded> {
    let root = forest.simplify(root, care)?;
    numbered(forest, root, |terminal| match terminal {
        BLANK => Outcome::Value(AnswerValue::Blank),
        terminal => Outcome::Member(member, terminal == YES),
    })
}

/// The same function with its terminals numbered from 0.
fn numbered(forest: &mut Forest, root: Ref, outcome: impl Fn(u32) -> Outcome) -> Result<Question, Exploded> {
    let values = forest.values(&[root]);
    let number = forest.fresh_op();
    let root = forest.map(root, number, |value| values.binary_search(&value).unwrap_or(0) as u32)?;
    Ok(Question { root, outcomes: values.into_iter().map(outcome).collect() })
}

fn set(forest: &mut Forest, members: &[Ref], care: Ref) -> Result<Option<Question>, Exploded> {
    // Nothing stands for blank.
    let mut sets: Vec<Option<u32>> = vec![Some(0)];
    let mut root = Ref::terminal(0);
    for (member, &next) in members.iter().enumerate() {
        let next = forest.simplify(next, care)?;
        let pair = Pair { number: forest.fresh_op() };
        let both = forest.apply(&pair, [root, next, Ref::FALSE])?;
        let both = forest.simplify(both, care)?;
        let values = forest.values(&[both]);
        if values.len() > MOST_SETS {
            return Ok(None);
        }
        let with = |value: u32| match value % 3 {
            2 => None,
            is_in => sets.get((value / 3) as usize).copied().flatten().map(|set| set | is_in << member),
        };
        sets = values.iter().map(|&value| with(value)).collect();
        let number = forest.fresh_op();
        root = forest.map(both, number, |value| values.binary_search(&value).unwrap_or(0) as u32)?;
    }
    let outcome = |set: Option<u32>| Outcome::Value(set.map_or(AnswerValue::Blank, AnswerValue::Set));
    Ok(Some(Question { root, outcomes: sets.into_iter().map(outcome).collect() }))
}

/// Three times the first value, plus 0 for out, 1 for in, 2 for blank.
struct Pair {
    number: u32,
}

impl Op for Pair {
    fn number(&self) -> u32 {
        self.number
    }

    fn decide(&self, [set, member, _]: [Ref; 3]) -> Option<Ref> {
        let member = match member.value()? {
            BLANK => 2,
            value => u32::from(value == YES),
        };
        set.value().map(|set| Ref::terminal(set * 3 + member))
    }
}

//! The same policies written by hand in Rust over a plain struct: what a careful programmer would write instead.
//! In: drawn requests. Out: answers, and a loop to time. Refuses to look at the policies' rules or modules.

mod after_hours;
mod field_swap;
mod pickup;

use crate::Failure;
use crate::requests::Facts;
use keyward_server::Schema;
use std::hint::black_box;

/// The value of one answer, as both sides can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// It does not apply.
    Blank,
    /// A value, by its place in the policy.
    Value(u32),
    /// The members of a set, one bit each.
    Members(u32),
    /// Minutes.
    Minutes(u32),
    /// No limit.
    NoLimit,
}

/// A policy by hand.
trait ByHand: Sized {
    /// What it answers.
    type Answers;

    /// The facts it needs, from a drawn request.
    fn read(facts: &Facts<'_>) -> Result<Self, Failure>;

    /// Decides.
    fn decide(&self) -> Self::Answers;

    /// The answers in the order of the policy.
    fn said(answers: &Self::Answers) -> Vec<Said>;
}

/// Requests of one policy, ready to be decided by hand.
pub trait Hand {
    /// Takes another request in.
    fn push(&mut self, facts: &Facts<'_>) -> Result<(), Failure>;

    /// What the request at that place is answered.
    fn said(&self, place: usize) -> Vec<Said>;

    /// Decides all of them.
    fn run(&self);
}

/// The hand-written form of a policy, if there is one.
pub fn of(name: &str) -> Option<Box<dyn Hand>> {
    match name {
        "after_hours" => Some(Box::new(All::<after_hours::Request>(Vec::new()))),
        "pickup" => Some(Box::new(All::<pickup::Request>(Vec::new()))),
        "field_swap" => Some(Box::new(All::<field_swap::Request>(Vec::new()))),
        _ => None,
    }
}

/// What the words of a module's outcome say, in the same terms.
pub fn translate(schema: &Schema, words: &[u32]) -> Vec<Said> {
    use keyward_evaluator::layout::{BLANK, NO_LIMIT};
    use keyward_server::AnswerKind;
    let word = |place: usize| words.get(place).copied().unwrap_or(0);
    let answers = schema.decisions.first().map_or(&[][..], |decision| &decision.answers);
    let said = answers.iter().map(|answer| match answer.kind {
        AnswerKind::SetOf(..) if word(answer.word + 1) == BLANK => Said::Blank,
        AnswerKind::SetOf(..) => Said::Members(word(answer.word)),
        _ if word(answer.word) == BLANK => Said::Blank,
        AnswerKind::Shortest(_) if word(answer.word) == NO_LIMIT => Said::NoLimit,
        AnswerKind::Shortest(_) => Said::Minutes(word(answer.word)),
        _ => Said::Value(word(answer.word)),
    });
    said.collect()
}

struct All<R>(Vec<R>);

impl<R: ByHand> Hand for All<R> {
    fn push(&mut self, facts: &Facts<'_>) -> Result<(), Failure> {
        self.0.push(R::read(facts)?);
        Ok(())
    }

    fn said(&self, place: usize) -> Vec<Said> {
        self.0.get(place).map_or_else(Vec::new, |request| R::said(&request.decide()))
    }

    fn run(&self) {
        for request in &self.0 {
            black_box(request.decide());
        }
    }
}

/// A value that may be blank.
fn value(answer: Option<u32>) -> Said {
    answer.map_or(Said::Blank, Said::Value)
}

/// A set that may be blank.
fn members(answer: Option<u32>) -> Said {
    answer.map_or(Said::Blank, Said::Members)
}

/// An enum whose values carry the names they have in the policy.
macro_rules! names {
    ($name:ident { $($value:ident = $text:literal),+ $(,)? }) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        enum $name { $($value),+ }

        impl crate::requests::Named for $name {
            fn named(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$value),)+ _ => None }
            }
        }
    };
}
use names;

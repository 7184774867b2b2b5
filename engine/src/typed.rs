//! A policy with every name resolved and every test typed, close to what the author wrote.
//! In: nothing (built by `check`). Out: data for `lower`, `analyze`, `eval` and `explain`. Refuses to know classes or diagrams.
//!
//! Calendars, terms and groups are kept as written, not expanded, so that the evaluator and the compiler each expand them on their own.

use crate::schema::{AnswerId, DecisionId, InputId, Schema, Value};
use crate::span::Span;

/// Index of a term in `Policy::terms`.
pub type TermId = usize;
/// Index of a calendar in `Policy::calendars`.
pub type CalendarId = usize;
/// Index of a rule or exception in `Policy::rules`.
pub type RuleId = usize;

/// A whole policy, its parents and used files merged in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The edition, 2026.
    pub edition: u16,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its title; empty if none.
    pub title: String,
    /// The policy it refines, with its version.
    pub refines: Option<(String, u32)>,
    /// Every file it is made of, the main file last: name, version, SHA-256 of the text.
    pub files: Vec<FileIdentity>,
    /// Its vocabulary.
    pub schema: Schema,
    /// Its calendars, except those still kept outside.
    pub calendars: Vec<Calendar>,
    /// Its terms; a term refers only to terms with a lower index.
    pub terms: Vec<Term>,
    /// Its assumptions.
    pub assumes: Vec<Assume>,
    /// The parts of each decision that are not rules, in the order of `Schema::decisions`.
    pub decisions: Vec<Decision>,
    /// Rules and exceptions in source order, a parent's file before the refinement's. Parents of an exception may stand anywhere.
    pub rules: Vec<Rule>,
    /// The tests of the main file.
    pub tests: Vec<Test>,
    /// The asserts of the main file and of all it refines.
    pub asserts: Vec<Assert>,
    /// The header of the main file.
    pub span: Span,
}

/// One file a policy is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileIdentity {
    /// The policy name in its header.
    pub name: String,
    /// The version in its header.
    pub version: u32,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Its name.
    pub name: String,
    /// Its spans; a minute is during the calendar if it is in one of them and its date is in no excepted calendar.
    pub spans: Vec<CalendarSpan>,
    /// The calendars whose dates are taken out: a date is taken out if any minute of it is during the excepted calendar.
    pub except: Vec<CalendarId>,
    /// Where it is declared.
    pub span: Span,
}

/// One span: the minutes `from..until` of the given days; with `next_day` it runs from `from` of a day to `until` of the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarSpan {
    /// The days.
    pub days: Days,
    /// First minute, 0 to 1440.
    pub from: u16,
    /// First minute after, 0 to 1440.
    pub until: u16,
    /// Whether `until` is on the next day.
    pub next_day: bool,
}

/// Days of a calendar span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Days {
    /// Every day.
    Every,
    /// Days of every year, `month * 32 + day`, inclusive; the second smaller than the first runs over the end of the year.
    Yearly(u16, u16),
    /// Weekdays as a bit mask, Monday lowest.
    Weekdays(u8),
    /// Day numbers, inclusive.
    Range(i32, i32),
}

/// A term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Its name.
    pub name: String,
    /// Its condition.
    pub condition: All,
    /// Where it is declared.
    pub span: Span,
}

/// Clauses joined by `and`. An empty list always holds (`always`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct All {
    /// The clauses.
    pub clauses: Vec<Clause>,
    /// Where it stands.
    pub span: Span,
}

/// One clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A test or term.
    One(One),
    /// At least so many of the bullets hold; each bullet is an `and`-list.
    AtLeast(u32, Vec<Vec<One>>, Span),
}

/// A test or a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum One {
    /// A term, perhaps negated.
    Term {
        /// The term.
        term: TermId,
        /// Whether `not` stands before it.
        negated: bool,
        /// Where it stands.
        span: Span,
    },
    /// A test of an input.
    Input(InputTest),
    /// A test of an answer.
    Answer(AnswerTest),
}

impl Policy {
    /// The answers that conditions test, each once, in the order they are written; terms included.
    #[must_use]
    pub fn answers_tested(&self, conditions: &[&All]) -> Vec<(DecisionId, AnswerId)> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.terms.len()];
        let mut todo: Vec<&All> = conditions.iter().rev().copied().collect();
        while let Some(all) = todo.pop() {
            for clause in &all.clauses {
                let ones: Vec<&One> = match clause {
                    Clause::One(one) => vec![one],
                    Clause::AtLeast(_, bullets, _) => bullets.iter().flatten().collect(),
                };
                for one in ones {
                    match one {
                        One::Answer(test) if !found.contains(&(test.decision, test.answer)) => {
                            found.push((test.decision, test.answer));
                        }
                        One::Term { term, .. } if !std::mem::replace(&mut seen[*term], true) => {
                            todo.push(&self.terms[*term].condition);
                        }
                        _ => {}
                    }
                }
            }
        }
        found
    }
}

impl Clause {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            Clause::One(one) => one.span(),
            Clause::AtLeast(_, _, span) => *span,
        }
    }
}

impl One {
    /// Where it stands.
    #[must_use]
    pub fn span(&self) -> Span {
        match self {
            One::Term { span, .. } => *span,
            One::Input(test) => test.span,
            One::Answer(test) => test.span,
        }
    }
}

/// A test of one input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputTest {
    /// The input.
    pub input: InputId,
    /// What must hold.
    pub predicate: InputPredicate,
    /// Whether the author wrote it in the negative: then it is the plain complement, also on not set.
    pub negated: bool,
    /// Where it stands.
    pub span: Span,
}

/// What a test asks of an input. All are false on not set, except a negated one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InputPredicate {
    /// It is set. (`is not set` is this one negated.)
    Set,
    /// Its value is one of these: `yes or no` (0 no, 1 yes), `one of` (index), or known identifiers (index).
    OneOf(Vec<u32>),
    /// It lies in the inclusive range: numbers, durations in minutes, times in minutes, dates as day numbers.
    Between(i64, i64),
    /// Its date (of a moment or a date) lies in the inclusive range of day numbers.
    DateBetween(i32, i32),
    /// Its minute of the day (of a moment) lies in the inclusive range.
    TimeBetween(u16, u16),
    /// Its date (of a moment or a date) falls on one of these weekdays, Monday lowest bit.
    Weekdays(u8),
    /// It (a moment) is during the calendar.
    During(CalendarId),
    /// It contains at least one of these members.
    IncludesOneOf(u32),
    /// It contains all of these members.
    IncludesAllOf(u32),
    /// It is the same identifier as the other input.
    Same(InputId),
}

/// A test of one answer. On a blank answer it is false, negated or not, except `NotSet`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerTest {
    /// The decision.
    pub decision: DecisionId,
    /// The answer.
    pub answer: AnswerId,
    /// What must hold.
    pub predicate: AnswerPredicate,
    /// Whether the author wrote it in the negative.
    pub negated: bool,
    /// Where it stands.
    pub span: Span,
}

/// What a test asks of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerPredicate {
    /// It is not blank.
    Set,
    /// It is blank. Never negated: `is set` is `Set`.
    NotSet,
    /// Its value is one of these indexes (`one of`, `strictest`).
    OneOf(Vec<u32>),
    /// It contains at least one of these members.
    IncludesOneOf(u32),
    /// It contains all of these members.
    IncludesAllOf(u32),
    /// Its duration in minutes lies in the inclusive range; the upper bound `u32::MAX` includes `no limit`.
    Between(u32, u32),
}

/// An assumption, in either form turned into: this never happens together, unless `unless` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assume {
    /// The sentence.
    pub text: String,
    /// `never A` is `(A, None)`; `if A then B` is `(A, Some(B))`. Conditions never test answers.
    pub condition: All,
    /// What must then hold.
    pub then: Option<All>,
    /// Where it stands.
    pub span: Span,
}

/// The parts of a decision that are not rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What holds where no rule says anything.
    pub normally: Option<Normally>,
    /// What holds when facts are missing or invalid: a value for every answer, `only when` already applied.
    pub unsure: Vec<AnswerValue>,
    /// The reason written with `if unsure`; empty if none.
    pub unsure_because: String,
    /// Where `if unsure` stands.
    pub unsure_span: Span,
}

/// `normally`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normally {
    /// What holds.
    pub effects: Vec<Effect>,
    /// Why.
    pub because: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
    /// Where it stands.
    pub span: Span,
}

/// The value of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnswerValue {
    /// Blank: its `only when` does not hold.
    Blank,
    /// The index of a `one of` or `strictest` value.
    Choice(u8),
    /// Members as a bit mask.
    Set(u32),
    /// A duration in minutes.
    Duration(u32),
    /// A `shortest` answer that nothing limits.
    NoLimit,
}

/// A rule or exception.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its description; empty if none.
    pub text: String,
    /// The decision it belongs to.
    pub decision: DecisionId,
    /// The rules it is an exception to; empty for a rule.
    pub parents: Vec<RuleId>,
    /// Where those are named, first to last; empty for a rule.
    pub parents_span: Span,
    /// Its own condition; empty for `always`.
    pub condition: All,
    /// What it says, at most one effect of each kind an answer.
    pub effects: Vec<Effect>,
    /// Why.
    pub because: String,
    /// Where it is written down; empty if nowhere.
    pub cite: String,
    /// The whole paragraph.
    pub span: Span,
    /// Its name in the text.
    pub name_span: Span,
}

/// One effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The answer, of the rule's decision.
    pub answer: AnswerId,
    /// What is said.
    pub kind: EffectKind,
    /// Where it stands.
    pub span: Span,
}

/// What an effect says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EffectKind {
    /// The index of a `one of` or `strictest` value.
    Choice(u8),
    /// A duration in minutes.
    Duration(u32),
    /// Members put in.
    Include(u32),
    /// Members of the direct parents taken out (exceptions only).
    Omit(u32),
}

/// A test: whatever is not given does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its sentence.
    pub name: String,
    /// What is given.
    pub given: All,
    /// What must follow for every valid request like that.
    pub expect: All,
    /// Where it stands.
    pub span: Span,
}

/// An assert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assert {
    /// Its name.
    pub name: String,
    /// Its sentence; empty if none.
    pub text: String,
    /// What is promised.
    pub kind: AssertKind,
    /// The name of the policy it was written in.
    pub policy: String,
    /// Where it stands.
    pub span: Span,
}

/// The five forms of an assert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AssertKind {
    /// Never A.
    Never(All),
    /// Always, if A then B.
    AlwaysIf(All, All),
    /// A is possible.
    Possible(All),
    /// No answer differs from the older version, except where the condition holds.
    Unchanged {
        /// The older version, itself a whole policy.
        since: Box<Policy>,
        /// Where answers may differ.
        except: Option<All>,
    },
    /// Changing an input never makes an answer become a value it did not have.
    Changes {
        /// The input.
        input: InputId,
        /// Its value before.
        from: Value,
        /// Its value after.
        to: Value,
        /// The decision.
        decision: DecisionId,
        /// The answer.
        answer: AnswerId,
        /// The value, or for a set the single member, it must not newly have.
        becomes: AnswerValue,
    },
}

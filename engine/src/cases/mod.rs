//! What the tests of a policy leave untried, and tests that would try it.
//!
//! In: a policy and its model. Out: every aim a test can have, which test reaches it, and for each that none reaches a new
//! test without givens that do not matter. Refuses to know source text; whoever writes a test down proves it again.

mod aims;
mod given;
pub mod mutants;
mod reduce;

use crate::diagnostic::{Count, Example};
use crate::diagram::{Exploded, Ref};
use crate::space::look::Look;
use crate::space::words;
use crate::span::Span;
use aims::Aim;

/// What can be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A rule decides something.
    Decides,
    /// An exception takes the place of what it is an exception to.
    Overrides,
    /// An answer has a value.
    Outcome,
    /// One side of a bound between two values that are answered differently.
    Boundary,
    /// A rule would decide, but for one of its conditions.
    Condition,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::Decides => "decides",
            Kind::Overrides => "overrides",
            Kind::Outcome => "outcome",
            Kind::Boundary => "boundary",
            Kind::Condition => "condition",
        }
    }
}

/// One thing to try, and whether some test does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// What kind of thing.
    pub kind: Kind,
    /// In words.
    pub what: String,
    /// The condition that is not to hold, in the source.
    pub clause: Option<Span>,
    /// The test that tries it.
    pub by: Option<String>,
    /// How many requests would.
    pub requests: Count,
    /// One of them.
    pub example: Example,
}

/// A test that is not there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposed {
    /// Its sentence.
    pub name: String,
    /// What is given, each a condition of the language.
    pub given: Vec<String>,
    /// What is expected, each a condition of the language.
    pub expect: Vec<String>,
    /// What it tries, by place in [`Cases::tried`].
    pub tries: Vec<usize>,
}

/// The result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// Everything there is to try.
    pub tried: Vec<Tried>,
    /// New tests for what none tries.
    pub proposed: Vec<Proposed>,
    /// How many requests are like some test.
    pub requests: Option<Count>,
}

impl Cases {
    /// How many things of these kinds are tried, and how many there are.
    #[must_use]
    pub fn share(&self, kinds: &[Kind]) -> (usize, usize) {
        let all: Vec<&Tried> = self.tried.iter().filter(|it| kinds.contains(&it.kind)).collect();
        (all.iter().filter(|it| it.by.is_some()).count(), all.len())
    }
}

/// A test as the aims need it: the requests like it, and those that turn out as it expects.
struct Tests {
    name: String,
    like_it: Ref,
    expected: Ref,
    speaks: Vec<(usize, usize)>,
    /// By coordinate: the one value of its class that a new test names.
    names: Vec<Option<i64>>,
}

/// Finds what is not tried.
pub fn cases(look: &mut Look<'_>) -> Result<Cases, Exploded> {
    let aims = aims::collect(look)?;
    let tests = existing(look)?;
    let mut all = Ref::FALSE;
    for test in &tests {
        all = look.model.forest.or(all, test.like_it)?;
    }
    let requests = Some(look.counted(&look.count(all)));
    let mut by: Vec<Option<String>> = Vec::new();
    for aim in &aims {
        let mut found = None;
        for test in &tests {
            if aim.is_reached(look, test)? {
                found = Some(test.name.clone());
                break;
            }
        }
        by.push(found);
    }
    let mut proposed: Vec<Proposed> = Vec::new();
    let mut open: Vec<usize> = (0..aims.len()).filter(|&place| by[place].is_none()).collect();
    while let Some(&place) = open.first() {
        open.remove(0);
        let Some((mut test, as_test)) = reduce::test_for(look, &aims[place])? else { continue };
        let mut tries = vec![place];
        let mut left = Vec::new();
        for other in open {
            let reached = aims[other].is_reached(look, &as_test)?;
            if reached { tries.push(other) } else { left.push(other) }
        }
        open = left;
        test.tries = tries;
        let taken = |name: &str, proposed: &[Proposed]| {
            look.policy.tests.iter().any(|test| test.name == name) || proposed.iter().any(|test| test.name == name)
        };
        let (plain, mut number) = (test.name.clone(), 2);
        while taken(&test.name, &proposed) {
            test.name = format!("{plain} ({number})");
            number += 1;
        }
        proposed.push(test);
    }
    let tried = aims.iter().zip(by).filter_map(|(aim, by)| tried(look, aim, by)).collect();
    Ok(Cases { tried, proposed, requests })
}

fn tried(look: &Look<'_>, aim: &Aim, by: Option<String>) -> Option<Tried> {
    Some(Tried {
        kind: aim.kind,
        what: aim.what.clone(),
        clause: aim.clause,
        by,
        requests: look.counted(&look.count(aim.set)),
        example: words::example(look.model, &look.point(aim.set)?),
    })
}

/// The tests that hold, as sets of requests.
fn existing(look: &mut Look<'_>) -> Result<Vec<Tests>, Exploded> {
    let mut found = Vec::new();
    for (number, (given, expect)) in look.model.promises.tests.clone().into_iter().enumerate() {
        let (given, expected) = (look.condition(given)?, look.condition(expect)?);
        let like_it = look.valid_and(given)?;
        let failing = look.model.forest.and_not(like_it, expected)?;
        if like_it != Ref::FALSE && failing == Ref::FALSE {
            let test = &look.policy.tests[number];
            found.push(Tests {
                name: test.name.clone(),
                like_it,
                expected,
                speaks: look.policy.answers_tested(&[&test.expect]),
                names: Vec::new(),
            });
        }
    }
    Ok(found)
}

//! The terms of a policy as sets of requests, so that an analysis can say "closed" where the author did.
//!
//! In: a policy and its model. Out: for each term a diagram, or nothing where the term asks an answer.
//! Refuses to know: why somebody asks. Every term was asked when classes were cut, so a sample speaks for its class.

use super::conditions::{Conditions, Space};
use super::{civil, hours};
use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{Condition, Coordinate, Model, Part};
use crate::schema::InputId;
use crate::typed::{All, CalendarId, Clause, InputPredicate, InputTest, One, Policy, TermId};

/// By term: the requests for which it holds; nothing for terms that ask answers, directly or through others.
/// The diagrams are made in `forest`, which has the coordinates of the model.
pub fn diagrams(policy: &Policy, model: &Model, forest: &mut Forest) -> Result<Vec<Option<Ref>>, Exploded> {
    let mut found: Vec<Option<Ref>> = Vec::with_capacity(policy.terms.len());
    for term in &policy.terms {
        let mut builder = Builder { policy, coordinates: &model.coordinates, forest, terms: &found };
        let diagram = builder.all(&term.condition)?;
        found.push(diagram);
    }
    Ok(found)
}

struct Builder<'a> {
    policy: &'a Policy,
    coordinates: &'a [Coordinate],
    forest: &'a mut Forest,
    /// The terms so far: a term refers only to earlier ones.
    terms: &'a [Option<Ref>],
}

/// The requests for which something holds; nothing where it asks an answer.
type Found = Result<Option<Ref>, Exploded>;

impl Builder<'_> {
    fn all(&mut self, all: &All) -> Found {
        let mut parts = Vec::with_capacity(all.clauses.len());
        for clause in &all.clauses {
            let Some(part) = self.clause(clause)? else { return Ok(None) };
            parts.push(part);
        }
        self.forest.and_all(&parts).map(Some)
    }

    fn clause(&mut self, clause: &Clause) -> Found {
        match clause {
            Clause::One(one) => self.one(one),
            Clause::AtLeast(count, bullets, _) => {
                // After each bullet, `reached[n]`: at least n of the bullets so far hold.
                let mut reached = vec![Ref::FALSE; *count as usize + 1];
                reached[0] = Ref::TRUE;
                for bullet in bullets {
                    let mut ones = Vec::with_capacity(bullet.len());
                    for one in bullet {
                        let Some(one) = self.one(one)? else { return Ok(None) };
                        ones.push(one);
                    }
                    let holds = self.forest.and_all(&ones)?;
                    for n in (1..reached.len()).rev() {
                        let step = self.forest.and(reached[n - 1], holds)?;
                        reached[n] = self.forest.or(reached[n], step)?;
                    }
                }
                Ok(reached.last().copied())
            }
        }
    }

    fn one(&mut self, one: &One) -> Found {
        let (found, negated) = match one {
            One::Term { term, negated, .. } => (self.term(*term), *negated),
            One::Input(test) => (Some(self.test(test)?), test.negated),
            One::Answer(_) => (None, false),
        };
        match found {
            Some(found) if negated => self.forest.not(found).map(Some),
            found => Ok(found),
        }
    }

    fn term(&self, term: TermId) -> Option<Ref> {
        self.terms.get(term).copied().flatten()
    }

    fn test(&mut self, test: &InputTest) -> Result<Ref, Exploded> {
        let input = test.input;
        let whole = self.find(input, Part::Whole);
        let day = self.find(input, Part::Date).or(whole);
        let minute = self.find(input, Part::Time).or(whole);
        let asks = match &test.predicate {
            InputPredicate::Set => match whole {
                Some(whole) => self.classes(Some(whole), |_| true)?,
                None => Ref::TRUE,
            },
            InputPredicate::OneOf(values) => {
                self.classes(whole, |raw| u32::try_from(raw).is_ok_and(|raw| values.contains(&raw)))?
            }
            InputPredicate::Between(low, high) => self.classes(whole, |raw| (*low..=*high).contains(&raw))?,
            InputPredicate::DateBetween(low, high) => {
                self.classes(day, |raw| (i64::from(*low)..=i64::from(*high)).contains(&raw))?
            }
            InputPredicate::Weekdays(days) => self.classes(day, |raw| days >> civil::weekday(raw) & 1 == 1)?,
            InputPredicate::TimeBetween(low, high) => {
                self.classes(minute, |raw| (i64::from(*low)..=i64::from(*high)).contains(&raw))?
            }
            InputPredicate::During(calendar) => self.during(input, *calendar)?,
            InputPredicate::IncludesOneOf(mask) => {
                let members = self.members(input, *mask)?;
                self.forest.or_all(&members)?
            }
            InputPredicate::IncludesAllOf(mask) => {
                let members = self.members(input, *mask)?;
                self.forest.and_all(&members)?
            }
            InputPredicate::Same(other) => self.same(input, *other)?,
        };
        match self.find(input, Part::Presence) {
            Some(presence) => {
                let present = self.forest.test(presence, |class| class == 1)?;
                self.forest.and(present, asks)
            }
            None => Ok(asks),
        }
    }

    fn find(&self, input: InputId, part: Part) -> Option<u16> {
        let at = self.coordinates.iter().position(|c| c.input == input && c.part == part)?;
        u16::try_from(at).ok()
    }

    /// The set classes whose sample `holds`.
    fn classes(&mut self, coordinate: Option<u16>, holds: impl Fn(i64) -> bool) -> Result<Ref, Exploded> {
        let Some(at) = coordinate else { return Ok(Ref::FALSE) };
        let coordinate = &self.coordinates[usize::from(at)];
        let none = coordinate.classifier.not_set().map(u32::from);
        let sample = |class: u32| coordinate.samples.get(class as usize).copied();
        self.forest.test(at, |class| Some(class) != none && sample(class).is_some_and(&holds))
    }

    fn members(&mut self, input: InputId, mask: u32) -> Result<Vec<Ref>, Exploded> {
        let mut found = Vec::new();
        for member in (0..32u8).filter(|member| mask >> member & 1 == 1) {
            let coordinate = self.find(input, Part::Member(member));
            found.push(self.classes(coordinate, |raw| raw == 1)?);
        }
        Ok(found)
    }

    /// Days with the same hours are joined with those hours.
    fn during(&mut self, input: InputId, calendar: CalendarId) -> Result<Ref, Exploded> {
        let parts = (self.find(input, Part::Date), self.find(input, Part::Time));
        let (Some(date), Some(time)) = parts else { return Ok(Ref::FALSE) };
        let coordinates = self.coordinates;
        let mut kinds: Vec<(hours::Minutes, Vec<u32>)> = Vec::new();
        for (&day, class) in coordinates[usize::from(date)].samples.iter().zip(0u32..) {
            let minutes = hours::minutes(self.policy, calendar, day);
            match kinds.iter_mut().find(|(known, _)| *known == minutes) {
                Some((_, days)) => days.push(class),
                None => kinds.push((minutes, vec![class])),
            }
        }
        let mut parts = Vec::with_capacity(kinds.len());
        for (minutes, days) in kinds {
            let days = self.forest.test(date, |class| days.binary_search(&class).is_ok())?;
            let within = |raw: i64| minutes.iter().any(|&(from, to)| (i64::from(from)..i64::from(to)).contains(&raw));
            let open = self.classes(Some(time), within)?;
            parts.push(self.forest.and(days, open)?);
        }
        self.forest.or_all(&parts)
    }

    fn same(&mut self, a: InputId, b: InputId) -> Result<Ref, Exploded> {
        let (a, b) = (a.min(b), a.max(b));
        let (Some(first), Some(second)) = (self.find(a, Part::Whole), self.find(b, Part::Whole)) else {
            return Ok(Ref::FALSE);
        };
        if a == b {
            return self.classes(Some(first), |_| true);
        }
        let conditions = [Condition::Same(first, second)];
        let space = Space { coordinates: self.coordinates, conditions: &conditions };
        Conditions::new().diagram(self.forest, space, &Vec::new(), 0)
    }
}

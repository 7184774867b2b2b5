//! What follows when somebody does what they should not (R62). In: entries as they are made, the ladders of the procedures. Out: violations, and
//! consequences: a warning, some days without keys where a procedure says that the host does so by itself, a word to administrators.
//! Every one stands in the log. Refuses to keep anybody from bringing keys back.

use crate::event::{Actor, Entry, Event, Who};
use crate::fault::{Done, Fault};
use crate::id::PersonId;
use crate::procedure::{Consequence, Rung, Violation};
use crate::turn::Turn;
use jiff::{SignedDuration, Timestamp};

/// Who did what, if an entry says so.
fn violation(entry: &Entry) -> Option<(PersonId, Violation)> {
    match (&entry.event, entry.actor) {
        (Event::Overdue { who: Who::Person(id), .. }, _) => Some((*id, Violation::Overdue)),
        (Event::PickupDenied { refusals, .. }, Actor::Person(id))
            if refusals.iter().any(|one| one == "after_hours.unauthorised" || one == "after_hours.barred") =>
        {
            Some((id, Violation::UnauthorisedAfterHours))
        }
        (Event::Corrected { place: crate::org::Where::Held(Who::Person(id)), .. }, Actor::Box(_)) => {
            Some((*id, Violation::WrongKey))
        }
        _ => None,
    }
}

impl Turn<'_> {
    /// Lets the ladders see what happened.
    pub(crate) fn consequences(&mut self, entry: &Entry) {
        let Some((person, violation)) = violation(entry) else { return };
        self.emit(Event::ViolationRecorded { person, violation, entry: entry.seq });
        let before = self.org.violations.get(&person).map_or(&[][..], Vec::as_slice);
        let times = u32::try_from(before.iter().filter(|(one, _)| *one == violation).count()).unwrap_or(u32::MAX);
        let ladders = self.org.procedures.values().flat_map(|written| &written.card.consequences);
        let rungs: Vec<Rung> = ladders.filter(|rung| rung.after == violation && rung.times == times).cloned().collect();
        for rung in rungs {
            self.follow(person, violation, times, &rung);
        }
    }

    fn follow(&mut self, person: PersonId, violation: Violation, times: u32, rung: &Rung) {
        let name = self.name(Who::Person(person));
        let what = match violation {
            Violation::Overdue => "kept a key too long",
            Violation::UnauthorisedAfterHours => "tried to take a key after hours without a right to",
            Violation::WrongKey => "took another key than was meant",
        };
        let action = rung.action;
        if !rung.automatic && action == Consequence::Suspend {
            let text = format!(
                "{name} {what}, for the {times}. time. By the procedure, {} days without keys are due.",
                rung.days
            );
            self.tell_admins("consequence", &text);
            return;
        }
        let until = (action == Consequence::Suspend).then(|| self.after(i64::from(rung.days) * 24 * 60));
        self.emit(Event::ConsequenceApplied { person, violation, times, action, until });
        match action {
            Consequence::Warn => {
                self.tell(person, "consequence", &format!("You {what}. This is a warning."));
            }
            Consequence::Suspend => {
                let text =
                    format!("You {what}. You get no keys for {} days; bringing keys back always works.", rung.days);
                self.tell(person, "consequence", &text);
                self.tell_admins("consequence", &format!("{name} {what} and gets no keys for {} days.", rung.days));
            }
            Consequence::Refer => self.tell_admins("consequence", &format!("{name} {what}, for the {times}. time.")),
        }
    }

    /// Applies a suspension that is due, or another one, by hand.
    pub fn pause(&mut self, person: PersonId, violation: Violation, days: u32) -> Done<Timestamp> {
        let me = self.must_administrate()?;
        self.person(person)?;
        if me == person {
            return Err(Fault::Forbidden("Somebody else has to decide about you."));
        }
        if !(1..=365).contains(&days) {
            return crate::fault::invalid("days", "1 to 365");
        }
        let until = self.now.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX);
        let before =
            self.org.violations.get(&person).map_or(0, |all| all.iter().filter(|(one, _)| *one == violation).count());
        let times = u32::try_from(before).unwrap_or(u32::MAX);
        let action = Consequence::Suspend;
        self.emit(Event::ConsequenceApplied { person, violation, times, action, until: Some(until) });
        Ok(until)
    }

    /// Ends a suspension early.
    pub fn unpause(&mut self, person: PersonId) -> Done<()> {
        let by = self.must_administrate()?;
        if self.person(person)?.paused.is_none_or(|until| until <= self.now) {
            return Err(Fault::Conflict("There is no suspension of this person.".to_string()));
        }
        if by == person {
            return Err(Fault::Forbidden("Somebody else has to decide about you."));
        }
        self.emit(Event::ConsequenceLifted { person, by });
        Ok(())
    }
}

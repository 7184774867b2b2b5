//! Written procedures (R60-R64): when keys may be taken while a place is closed, by whom, in which steps, and what follows otherwise. In: the
//! four sections, linked to rules. Out: versions with a date of review; what in rules and settings does not agree with what is
//! written, proved and not guessed. Refuses nothing that is merely incomplete: it says so.

use crate::card::Subject;
use crate::event::Event;
use crate::fault::{Done, Fault, invalid};
use crate::id::{LocationId, PersonId, ProcedureId};
use crate::kinds::AccountState;
use crate::org::Org;
use crate::setup::named;
use crate::shelf::{self, Kind};
use crate::turn::Turn;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Days until a procedure is looked at again, unless its author says otherwise.
const YEAR: i64 = 365;

/// A situation in which a key may be taken while the place is closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// The reason code people choose.
    pub reason: String,
    /// What it is.
    pub text: String,
}

/// What has to happen before a key leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A reason is given.
    Reason,
    /// Two different kinds of proof.
    SecondFactor,
    /// The supervisor is told.
    NotifySupervisor,
    /// The supervisor answers first.
    AcknowledgeSupervisor,
    /// Another person agrees.
    SecondPerson,
    /// The designated person is told.
    AlertDesignated,
}

impl Step {
    /// All of them.
    pub const ALL: [Step; 6] = [
        Step::Reason,
        Step::SecondFactor,
        Step::NotifySupervisor,
        Step::AcknowledgeSupervisor,
        Step::SecondPerson,
        Step::AlertDesignated,
    ];

    fn word(self) -> &'static str {
        ["reason", "second_factor", "notify_supervisor", "acknowledge_supervisor", "second_person", "alert_designated"]
            [self as usize]
    }

    /// What would be a pickup without this step, in the language of policies. Whoever cannot be reached is not told.
    fn missing(self) -> &'static str {
        match self {
            Step::Reason => "reason.given is no and after_hours.release is not after_reason",
            Step::SecondFactor => "after_hours.kinds is 1",
            Step::NotifySupervisor => {
                "supervisor.contact is not missing and after_hours.steps do not include notify_supervisor and after_hours.steps do not include acknowledge_supervisor"
            }
            Step::AcknowledgeSupervisor => {
                "supervisor.contact is not missing and after_hours.steps do not include acknowledge_supervisor"
            }
            Step::SecondPerson => "after_hours.approvers is 0",
            Step::AlertDesignated => {
                "designated.contact is not missing and after_hours.alerts do not include designated_sms and after_hours.alerts do not include designated_email"
            }
        }
    }
}

/// What somebody did that they should not have done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Violation {
    /// Kept a key too long.
    Overdue,
    /// Tried to take a key while the place was closed, without a right to.
    UnauthorisedAfterHours,
    /// Took another key than the one that was meant.
    WrongKey,
}

/// What follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// The person is warned.
    Warn,
    /// No keys for some days.
    Suspend,
    /// Administrators look at it.
    Refer,
}

/// A rung of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rung {
    /// After what.
    pub after: Violation,
    /// The how manieth time within a year, from 1.
    pub times: u32,
    /// What follows.
    pub action: Consequence,
    /// For how many days, where it is a suspension.
    #[serde(default)]
    pub days: u32,
    /// Whether the host does it by itself. Otherwise administrators are told that it is due.
    #[serde(default)]
    pub automatic: bool,
}

/// A procedure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Procedure {
    /// What it is called.
    pub title: String,
    /// Who answers for it.
    pub owner: PersonId,
    /// When keys may be taken while the place is closed.
    #[serde(default)]
    pub situations: Vec<Situation>,
    /// By whom.
    #[serde(default)]
    pub authorised: BTreeSet<Subject>,
    /// In which steps.
    #[serde(default)]
    pub steps: BTreeSet<Step>,
    /// What follows otherwise.
    #[serde(default)]
    pub consequences: Vec<Rung>,
    /// When it is looked at again; none: in a year.
    #[serde(default)]
    pub review_due: Option<Timestamp>,
}

/// A procedure as it is in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// Its version, from 1.
    pub version: u32,
    /// What it says.
    pub card: Procedure,
    /// Who published it.
    pub by: PersonId,
    /// When.
    pub at: Timestamp,
    /// When it is looked at again.
    pub review_due: Option<Timestamp>,
    /// Whether that was told.
    pub told: bool,
}

/// Where rules and procedure do not agree (R63).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which check.
    pub code: &'static str,
    /// What it found, in words.
    pub words: String,
    /// The person or profile it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<Subject>,
    /// A request for which it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<String>,
}

fn finding(code: &'static str, words: String) -> Finding {
    Finding { code, words, subject: None, example: None }
}

impl Turn<'_> {
    /// Publishes a procedure, or its next version (R60).
    pub fn publish_procedure(&mut self, id: Option<ProcedureId>, mut card: Procedure) -> Done<(ProcedureId, u32)> {
        let by = self.must_administrate()?;
        named("title", &card.title)?;
        self.person(card.owner)?;
        for situation in &card.situations {
            named("situations", &situation.text)?;
            if !self.org.reasons.contains_key(&situation.reason) {
                return invalid("situations", format!("there is no reason `{}`", situation.reason));
            }
        }
        for subject in &card.authorised {
            match subject {
                Subject::Person(id) => drop(self.person(*id)?),
                Subject::Profile(id) => drop(self.org.profiles.get(id).ok_or(Fault::NotFound("profile"))?),
            }
        }
        for rung in &card.consequences {
            let suspends = rung.action == Consequence::Suspend;
            if rung.times == 0 || rung.times > 100 || suspends != (1..=365).contains(&rung.days) {
                return invalid(
                    "consequences",
                    "`times` from 1 to 100; `days` from 1 to 365 for a suspension, and for nothing else",
                );
            }
        }
        if card.situations.len() > 100 || card.authorised.len() > 1_000 || card.consequences.len() > 50 {
            return invalid("situations", "at most 100 situations, 1,000 authorised and 50 consequences");
        }
        let year = SignedDuration::from_hours(24 * YEAR);
        let due = *card.review_due.get_or_insert(self.now.saturating_add(year).unwrap_or(Timestamp::MAX));
        if due <= self.now || due.duration_since(self.now) > SignedDuration::from_hours(24 * YEAR * 3) {
            return invalid("review_due", "within the next three years");
        }
        let (procedure, version) = match id {
            Some(id) => (id, self.org.procedures.get(&id).ok_or(Fault::NotFound("procedure"))?.version + 1),
            None if self.org.procedures.len() >= 50 => {
                return Err(Fault::Conflict("There are 50 procedures already.".to_string()));
            }
            None => (self.id(), 1),
        };
        self.emit(Event::ProcedurePublished { procedure, version, card, by });
        Ok((procedure, version))
    }

    /// Takes a procedure out of force.
    pub fn retire_procedure(&mut self, procedure: ProcedureId) -> Done<()> {
        let by = self.must_administrate()?;
        self.org.procedures.get(&procedure).ok_or(Fault::NotFound("procedure"))?;
        self.emit(Event::ProcedureRetired { procedure, by });
        Ok(())
    }

    /// Notes that somebody looked at a procedure (R64): its owner or an administrator.
    pub fn review_procedure(&mut self, procedure: ProcedureId, note: &str, months: u32) -> Done<Timestamp> {
        let written = self.org.procedures.get(&procedure).ok_or(Fault::NotFound("procedure"))?;
        let by = match self.actor {
            crate::event::Actor::Person(me) if me == written.card.owner => me,
            _ => self.must_administrate()?,
        };
        named("note", note)?;
        if !(1..=36).contains(&months) {
            return invalid("months", "1 to 36");
        }
        let days = i64::from(months) * YEAR / 12;
        let review_due = self.now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX);
        self.emit(Event::ProcedureReviewed { procedure, by, note: note.to_string(), review_due });
        Ok(review_due)
    }

    /// Tells once that a procedure is to be looked at.
    pub(crate) fn procedures_due(&mut self) {
        let due = self
            .org
            .procedures
            .iter()
            .filter(|(_, written)| !written.told && written.review_due.is_some_and(|due| due <= self.now));
        let due: Vec<_> = due.map(|(id, written)| (*id, written.card.owner, written.card.title.clone())).collect();
        for (procedure, owner, title) in due {
            self.emit(Event::ProcedureReviewDue { procedure });
            let text = format!("The procedure {title} is to be looked at again.");
            if !self.tell(owner, "procedure", &text) {
                self.tell_admins("procedure", &text);
            }
        }
    }
}

/// What a check of procedures needs of an organization, so that proving happens beside everything else.
#[derive(Clone, Debug)]
pub struct Checking {
    policy: shelf::Which,
    settings: BTreeMap<String, String>,
    steps: BTreeSet<Step>,
    found: Vec<Finding>,
}

impl Org {
    /// Compares rules and settings with what the procedures say, as far as that needs no proof (R63, V24).
    #[must_use]
    pub fn check_procedures(&self) -> Checking {
        let mut found = Vec::new();
        let all: Vec<&Procedure> = self.procedures.values().map(|written| &written.card).collect();
        for card in &all {
            let sections = [
                ("situations", card.situations.is_empty()),
                ("authorised", card.authorised.is_empty()),
                ("steps", card.steps.is_empty()),
                ("consequences", card.consequences.is_empty()),
            ];
            for (section, _) in sections.iter().filter(|(_, empty)| *empty) {
                found.push(finding("section_empty", format!("{} has no {section}", card.title)));
            }
        }
        if all.is_empty() {
            found.push(finding("no_procedure", "there is no written procedure".to_string()));
        }
        let listed: BTreeSet<&Subject> = all.iter().flat_map(|card| &card.authorised).collect();
        let by_rule = |id: PersonId, person: &crate::org::Person| {
            let profiles = person
                .profiles
                .iter()
                .filter(|id| self.profiles.get(id).is_some_and(|profile| profile.after_hours_eligible));
            let profiles: Vec<Subject> = profiles.map(|id| Subject::Profile(*id)).collect();
            let by_name = person.after_hours || person.break_glass;
            let covered = listed.contains(&Subject::Person(id)) || profiles.iter().any(|one| listed.contains(one));
            ((by_name || !profiles.is_empty()) && !person.barred, covered)
        };
        let people = self
            .people
            .iter()
            .filter(|(_, person)| matches!(person.state, AccountState::Active | AccountState::Invited));
        for (id, person) in people {
            let (allowed, covered) = by_rule(*id, person);
            let subject = Some(Subject::Person(*id));
            if allowed && !covered {
                let words = "the rules let somebody in after hours whom no procedure lists".to_string();
                found.push(Finding { subject, ..finding("allowed_not_listed", words) });
            }
            if !allowed && listed.contains(&Subject::Person(*id)) {
                let words = "a procedure lists somebody whom no rule lets in after hours".to_string();
                found.push(Finding { subject, ..finding("listed_not_allowed", words) });
            }
        }
        for profile in listed.iter().filter_map(|subject| match subject {
            Subject::Profile(id) => Some(*id),
            Subject::Person(_) => None,
        }) {
            if !self.profiles.get(&profile).is_some_and(|card| card.after_hours_eligible) {
                let words = "a procedure lists a job profile that does not work after hours".to_string();
                let subject = Some(Subject::Profile(profile));
                found.push(Finding { subject, ..finding("listed_not_allowed", words) });
            }
        }
        let situations: BTreeSet<&str> =
            all.iter().flat_map(|card| &card.situations).map(|one| one.reason.as_str()).collect();
        for (code, reason) in &self.reasons {
            match (reason.in_procedure, situations.contains(code.as_str())) {
                (true, false) => found.push(finding(
                    "reason_not_listed",
                    format!("the reason `{code}` counts as one of the procedure, and no procedure lists it"),
                )),
                (false, true) => found.push(finding(
                    "reason_not_marked",
                    format!(
                        "a procedure lists the reason `{code}`, and the rules do not count it as one of the procedure"
                    ),
                )),
                _ => {}
            }
        }
        for code in self.reasons_used.keys().filter(|code| !situations.contains(code.as_str())) {
            found.push(finding(
                "reason_used_not_listed",
                format!("keys were taken for the reason `{code}`, which no procedure lists"),
            ));
        }
        let steps = all.iter().flat_map(|card| card.steps.iter().copied()).collect();
        Checking { policy: self.which(Kind::AfterHours), settings: self.settings_for(None), steps, found }
    }

    /// The places whose after-hours policy a procedure speaks of.
    #[must_use]
    pub fn places(&self) -> Vec<LocationId> {
        self.locations.keys().copied().collect()
    }
}

impl Checking {
    /// Proves that every step is enforced for every pickup that is no emergency, with the settings as they are.
    #[must_use]
    pub fn prove(self) -> Vec<Finding> {
        let mut found = self.found;
        let promises: Vec<(&str, String)> = self
            .steps
            .iter()
            .map(|step| {
                let without = format!(
                    "never closed and not breaking_glass and after_hours.access is allowed and {}",
                    step.missing()
                );
                (step.word(), without)
            })
            .collect();
        match shelf::broken(&self.policy, &self.settings, &promises) {
            Ok(broken) => found.extend(broken.into_iter().map(|(step, example)| Finding {
                example,
                ..finding(
                    "step_not_enforced",
                    format!("a procedure asks for {}, and the rules let keys leave without", step.replace('_', " ")),
                )
            })),
            Err(why) => found.push(finding("not_proved", format!("the steps could not be proved: {why}"))),
        }
        found
    }
}

//! The fold: what entries make of procedures, reviews and consequences. In: one entry. Out: how they stand. Total.

use crate::event::Event;
use crate::org::Org;
use crate::procedure::Written;
use crate::review::Review;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// Violations count for a year.
const YEAR: SignedDuration = SignedDuration::from_hours(24 * 365);

impl Org {
    pub(crate) fn apply_reviews(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::NoticeAcknowledged { person, version } => {
                self.notices_read.insert(*version, (*person, at));
            }
            Event::ProcedurePublished { procedure, version, card, by } => {
                let review_due = card.review_due;
                let made = Written { version: *version, card: card.clone(), by: *by, at, review_due, told: false };
                self.procedures.insert(*procedure, made);
            }
            Event::ProcedureRetired { procedure, .. } => {
                self.procedures.remove(procedure);
            }
            Event::ProcedureReviewed { procedure, review_due, .. } => {
                if let Some(written) = self.procedures.get_mut(procedure) {
                    (written.review_due, written.told) = (Some(*review_due), false);
                }
            }
            Event::ProcedureReviewDue { procedure } => {
                if let Some(written) = self.procedures.get_mut(procedure) {
                    written.told = true;
                }
            }
            Event::ViolationRecorded { person, violation, .. } => {
                let all = self.violations.entry(*person).or_default();
                all.retain(|(_, then)| at.duration_since(*then) < YEAR);
                all.push((*violation, at));
            }
            Event::ConsequenceApplied { person, until: Some(until), .. } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.paused = Some(*until);
                }
            }
            Event::ConsequenceLifted { person, .. } => {
                if let Some(person) = self.people.get_mut(person) {
                    person.paused = None;
                }
            }
            Event::ReviewStarted { review, reviewer, due, lines } => {
                let lines: BTreeMap<_, _> = lines.iter().map(|line| (*line, None)).collect();
                let made = Review { reviewer: *reviewer, started: at, due: *due, lines, closed: None, told: false };
                self.reviews.insert(*review, made);
            }
            Event::ReviewDecided { review, permission, keeps, .. } => {
                if let Some(line) = self.reviews.get_mut(review).and_then(|review| review.lines.get_mut(permission)) {
                    *line = Some(*keeps);
                }
            }
            Event::ReviewClosed { review, .. } => {
                if let Some(review) = self.reviews.get_mut(review) {
                    review.closed = Some(at);
                }
            }
            Event::ReviewOverdue { review } => {
                if let Some(review) = self.reviews.get_mut(review) {
                    review.told = true;
                }
            }
            _ => {}
        }
    }
}

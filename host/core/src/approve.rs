//! Second people and supervisors (F14, R61, R66). In: who agrees or not. Out: an approval, counted once each. Refuses one's own word, and
//! that of people who may not agree.

use crate::event::{Event, Who};
use crate::fault::{Done, Fault};
use crate::id::ApprovalId;
use crate::turn::Turn;

impl Turn<'_> {
    /// Whether one's own word may count for something.
    #[must_use]
    pub fn may_answer(&self, open: &crate::org::Approval) -> bool {
        let crate::event::Actor::Person(me) = self.actor else { return false };
        let Some(who) = self.org.visits.get(&open.visit).map(|visit| visit.who) else { return false };
        let boss = open.supervisor && self.supervisor(who) == Some(me);
        who != Who::Person(me) && (boss || self.approvers(who).contains(&me))
    }

    /// Somebody signed in agrees to a pickup of somebody else, or does not. Gives whether their word counts.
    pub fn approve(&mut self, id: ApprovalId, agrees: bool) -> Done<bool> {
        let crate::event::Actor::Person(me) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        let open = self.org.approvals.get(&id).cloned().ok_or(Fault::NotFound("approval"))?;
        let visit = self.org.visits.get(&open.visit).ok_or(Fault::Over("visit"))?;
        let who = visit.who;
        if open.refused || self.now >= open.until {
            return Err(Fault::Over("approval"));
        }
        if who == Who::Person(me) {
            self.emit(Event::ApprovalDenied { approval: id, by: me, why: "self".to_string() });
            return Ok(false);
        }
        let boss = self.supervisor(who) == Some(me);
        let may = self.approvers(who).contains(&me);
        let eligible = may || boss && open.supervisor;
        if !eligible {
            self.emit(Event::ApprovalDenied { approval: id, by: me, why: "ineligible".to_string() });
            return Ok(false);
        }
        if !agrees {
            self.emit(Event::ApprovalDenied { approval: id, by: me, why: "rejected".to_string() });
            return Ok(true);
        }
        // Two words are needed where a supervisor and another person are: one person gives one of them.
        if open.supervisor && boss && !open.acknowledged {
            self.emit(Event::ApprovalGiven { approval: id, by: me, supervisor: true });
        } else if may && open.people > 0 && !(open.acknowledged && boss && open.supervisor) && !open.given.contains(&me)
        {
            self.emit(Event::ApprovalGiven { approval: id, by: me, supervisor: false });
        }
        Ok(true)
    }
}

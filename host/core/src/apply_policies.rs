//! The fold: what entries make of the policies of an organization. In: one entry. Out: drafts, and which of them are in force. Total.

use crate::event::Event;
use crate::id::DraftId;
use crate::kinds::DraftState;
use crate::org::{Draft, Org};
use jiff::Timestamp;

impl Org {
    pub(crate) fn apply_policies(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::PolicyDrafted { draft, policy, name, version, text, why, by } => {
                let made = Draft {
                    policy: policy.clone(),
                    name: name.clone(),
                    version: *version,
                    text: text.as_str().into(),
                    why: why.clone(),
                    by: *by,
                    at,
                    approved: None,
                    state: DraftState::Open,
                };
                self.drafts.insert(*draft, made);
            }
            Event::PolicyWithdrawn { draft } => self.draft_becomes(*draft, DraftState::Withdrawn),
            Event::PolicyApproved { draft, by } => {
                if let Some(draft) = self.drafts.get_mut(draft) {
                    draft.approved = Some(*by);
                }
            }
            Event::PolicyPublished { policy, draft: Some(draft), .. } => {
                if let Some(before) = self.own.insert(policy.clone(), *draft) {
                    self.draft_becomes(before, DraftState::Retired);
                }
                self.draft_becomes(*draft, DraftState::Live);
            }
            Event::PolicyRolledBack { policy, .. } => {
                if let Some(before) = self.own.remove(policy) {
                    self.draft_becomes(before, DraftState::Retired);
                }
            }
            _ => {}
        }
    }

    fn draft_becomes(&mut self, id: DraftId, state: DraftState) {
        if let Some(draft) = self.drafts.get_mut(&id) {
            draft.state = state;
        }
    }
}

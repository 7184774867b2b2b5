//! The fold: what entries make of alert rules. In: one entry. Out: rules, what is planned, what fired lately. Total.

use crate::alert::Planned;
use crate::event::Event;
use crate::id::RuleId;
use crate::org::Org;
use jiff::{SignedDuration, Timestamp};

impl Org {
    pub(crate) fn apply_alerts(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::AlertRuleChanged { rule, card } => {
                self.rules.insert(*rule, card.clone());
            }
            Event::AlertRuleRemoved { rule } => {
                self.rules.remove(rule);
                self.fired.remove(rule);
                self.planned.remove(rule);
            }
            Event::AlertPlanned { rule, about, at, repeats } => {
                let planned = Planned { about: about.clone(), at: *at, repeats: *repeats };
                self.planned.entry(*rule).or_default().insert(about.entry, planned);
            }
            Event::AlertFired { rule, about, .. } => {
                self.planned_no_more(*rule, about.entry);
                let fired = self.fired.entry(*rule).or_default();
                fired.retain(|then| at.duration_since(*then) < SignedDuration::from_mins(10));
                fired.push(at);
            }
            Event::AlertDropped { rule, about, .. } => {
                self.planned_no_more(*rule, about.entry);
            }
            Event::HookChanged { hook, name, host } => {
                self.hooks.insert(*hook, (name.clone(), host.clone()));
            }
            Event::HookRemoved { hook } => {
                self.hooks.remove(hook);
            }
            _ => {}
        }
    }

    fn planned_no_more(&mut self, rule: RuleId, entry: u64) {
        if let Some(own) = self.planned.get_mut(&rule) {
            own.remove(&entry);
            if own.is_empty() {
                self.planned.remove(&rule);
            }
        }
    }
}

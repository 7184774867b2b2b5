//! What the clock does (F19, W3, W10, W13, W14). In: the time. Out: entries for everything whose time has come, once each. Refuses
//! to hurry: it may be called as often as one likes.

use crate::event::{Actor, Event, To, Who};
use crate::id::{KeyId, NoticeId};
use crate::kinds::{BookingState, Channel, OperationKind, OperationState};
use crate::org::Where;
use crate::turn::Turn;
use crate::vault::Owner;
use jiff::SignedDuration;

/// How long an opening may go on before it counts as unheard of.
const UNHEARD: SignedDuration = SignedDuration::from_secs(120);
/// Tries of a message.
pub const SENDINGS: u8 = 5;

impl Turn<'_> {
    /// Brings everything up to the present.
    pub fn tick(&mut self) {
        self.actor = Actor::System;
        let now = self.now;
        let over: Vec<_> =
            self.org.challenges.iter().filter(|(_, open)| now >= open.until).map(|(id, _)| *id).collect();
        for challenge in over {
            for swap in self.open_swaps(|swap| swap.challenge == Some(challenge)) {
                self.emit(Event::SwapCancelled { swap, why: "expired".to_string() });
            }
            if self.org.challenges.contains_key(&challenge) {
                self.emit(Event::ChallengeExpired { challenge });
            }
            self.record(Owner::Challenge(challenge), None);
        }
        let over: Vec<_> = self
            .org
            .approvals
            .iter()
            .filter(|(_, open)| !open.refused && now >= open.until)
            .map(|(id, _)| *id)
            .collect();
        for approval in over {
            let done = self.org.approvals.get(&approval).is_some_and(|open| {
                usize::from(open.people) <= open.given.len() && (open.acknowledged || !open.supervisor)
            });
            if !done {
                self.emit(Event::ApprovalTimeout { approval });
            }
        }
        let live: Vec<_> = self.org.openings().map(|(id, operation)| (id, operation.clone())).collect();
        for (id, operation) in live {
            match operation.state {
                OperationState::Ordered if now >= operation.until => {
                    self.emit(Event::OperationAborted { operation: id, why: "timeout".to_string() });
                }
                OperationState::Begun if now.duration_since(operation.until) > UNHEARD => {
                    self.emit(Event::OperationUnheard { operation: id });
                    if operation.kind == OperationKind::Pickup {
                        let text = format!(
                            "{} has not said whether the key {} left.",
                            self.box_name(operation.r#box),
                            self.key_name(operation.key)
                        );
                        self.tell_admins("unheard", &text);
                    }
                }
                _ => {}
            }
        }
        let over = self
            .org
            .bookings
            .iter()
            .filter(|(_, booking)| now >= booking.until && booking.state == BookingState::Approved);
        let over: Vec<_> = over.map(|(id, _)| *id).collect();
        for booking in over {
            self.emit(Event::BookingExpired { booking });
        }
        self.due_soon();
        self.overdue();
        self.planned_alerts();
        self.procedures_due();
        self.reviews_late();
    }

    /// Reminds whoever has a key once, a quarter of an hour before it is due.
    fn due_soon(&mut self) {
        let soon = self.after(15);
        let due = self.org.keys.iter().filter_map(|(id, key)| match (key.place, key.due) {
            (Where::Held(who), Some(due)) if due > self.now && due <= soon && !key.due_told => Some((*id, who, due)),
            _ => None,
        });
        let due: Vec<(KeyId, Who, jiff::Timestamp)> = due.collect();
        for (key, who, due) in due {
            self.emit(Event::Due { key, who, due });
            let minutes = due.duration_since(self.now).as_mins().max(1);
            let text = format!("The key {} is due in {minutes} minutes.", self.key_name(key));
            self.tell_who(who, "due", &text);
        }
    }

    /// Tells somebody, guest or not, in the way that reaches them.
    fn tell_who(&mut self, who: Who, about: &str, text: &str) -> bool {
        match who {
            Who::Person(id) => self.tell(id, about, text),
            Who::Guest(_) => {
                self.send(who, Channel::Sms, about, text, None) || self.send(who, Channel::Email, about, text, None)
            }
        }
    }

    /// Tells once that a key is overdue: whoever has it, and the manager.
    fn overdue(&mut self) {
        let late = self.org.keys.iter().filter_map(|(id, key)| match (key.place, key.due) {
            (Where::Held(who), Some(due)) if due < self.now && !key.overdue_told => Some((*id, who, due)),
            _ => None,
        });
        let late: Vec<(KeyId, Who, jiff::Timestamp)> = late.collect();
        for (key, who, due) in late {
            self.emit(Event::Overdue { key, who, due });
            let name = self.key_name(key);
            let text = format!("Please bring back the key {name}: it is overdue.");
            let told = self.tell_who(who, "overdue", &text);
            let text = format!("{} has not brought back the key {name}.", self.name(who));
            match self.supervisor(who) {
                Some(boss) => {
                    self.tell(boss, "overdue", &text);
                }
                None if !told => self.tell_admins("overdue", &text),
                None => {}
            }
        }
    }

    /// A message went out.
    pub fn sent_out(&mut self, notice: NoticeId) {
        self.actor = Actor::System;
        if self.org.notices.contains_key(&notice) {
            self.emit(Event::NoticeSent { notice });
        }
    }

    /// A message did not go out. Gives whether it is worth another try.
    pub fn not_sent(&mut self, notice: NoticeId, why: &str) -> bool {
        self.actor = Actor::System;
        let Some(known) = self.org.notices.get(&notice).cloned() else { return false };
        // A code that did not go out is not tried again as it is: another one goes the next way (W10).
        let code = known.about == "pickup_code";
        let last = code || known.failures + 1 >= SENDINGS;
        self.emit(Event::NoticeFailed { notice, why: crate::turn::plain(why), last });
        if code && known.channel == Channel::Sms {
            let open = self
                .org
                .visits
                .iter()
                .filter(|(_, visit)| To::from(visit.who) == known.to && visit.challenge.is_some());
            let open: Vec<_> = open.map(|(id, _)| *id).collect();
            for visit in open {
                self.send_by_mail(visit);
            }
        }
        !last
    }

    /// A box says what time it has. More than a minute off is told, once for each change (W8).
    pub fn clock_of(&mut self, r#box: crate::id::BoxId, time: jiff::Timestamp) {
        let seconds = time.duration_since(self.now).as_secs();
        let Some(it) = self.org.boxes.get(&r#box) else { return };
        let (before, name) = (it.skew, it.name.clone());
        if (seconds.abs() > 5 || before.abs() > 5) && (seconds - before).abs() > 5 {
            self.emit(Event::BoxClockSkew { r#box, seconds });
            if seconds.abs() > 60 && before.abs() <= 60 {
                self.tell_admins("clock", &format!("The clock of {name} is off by {seconds} seconds."));
            }
        }
    }

    /// A box was heard of, or not for a while.
    pub fn heard_of(&mut self, r#box: crate::id::BoxId, online: bool) {
        let Some(it) = self.org.boxes.get(&r#box).filter(|it| it.public_key.is_some()) else { return };
        if it.online == online {
            return;
        }
        self.actor = Actor::System;
        let name = it.name.clone();
        self.emit(if online { Event::BoxOnline { r#box } } else { Event::BoxOffline { r#box } });
        if !online {
            self.tell_admins("box_offline", &format!("{name} has not been heard of for a while."));
        }
    }
}

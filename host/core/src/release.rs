//! From an opened bin to a changed custody, and back (F15, F16). In: what the box says happened. Out: custody, alerts. What the box
//! reports is what counts: a key that left has left, whatever was planned. Every report may come twice. Bringing a key back always
//! works. Refuses to begin anything the policies do not allow at that moment (W15).

use crate::event::{Actor, Event, Who};
use crate::fault::{Done, Fault};
use crate::id::{BinId, BoxId, KeyId, OperationId, VisitId};
use crate::kinds::{Action, BinState, Method, OperationKind, OperationState};
use crate::org::{Operation, Where};
use crate::shelf::Kind;
use crate::turn::Turn;
use crate::unite::Effect;
use crate::visit::{Next, person_of};
use jiff::SignedDuration;
use std::collections::BTreeSet;

/// What a box says of an opening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// The fob is gone; or the door was shut and the box has no reader.
    Taken {
        /// Whether a reader saw it.
        verified: bool,
    },
    /// The bin did not open, or nothing was taken.
    NotTaken,
    /// The key is in the bin.
    Placed,
    /// Nothing was put in.
    NotPlaced,
    /// The bin was empty though the record says otherwise (W5).
    Empty,
    /// Another fob left or came.
    Wrong {
        /// Its serial.
        fob: String,
    },
}

impl Turn<'_> {
    fn operation(&self, r#box: BoxId, id: OperationId) -> Done<Operation> {
        let known = self.org.operations.get(&id).filter(|operation| operation.r#box == r#box);
        known.cloned().ok_or(Fault::NotFound("operation"))
    }

    /// The box is about to open the bin. It is told to go on, or not: the policies are asked again (W15).
    pub fn begin(&mut self, r#box: BoxId, id: OperationId) -> Done<Next> {
        let operation = self.operation(r#box, id)?;
        match operation.state {
            OperationState::Begun => return Ok(self.opening(id)),
            OperationState::Ordered => {}
            _ => return Ok(Next::refused("operation.over", "This opening is over.")),
        }
        self.actor = Actor::Box(r#box);
        if self.now >= operation.until {
            self.emit(Event::OperationAborted { operation: id, why: "timeout".to_string() });
            return Ok(Next::refused("operation.timeout", "That took too long. Please begin again."));
        }
        if operation.kind == OperationKind::DropOff {
            self.emit(Event::BinReleased { operation: id });
            return Ok(self.opening(id));
        }
        let visit = operation.visit.and_then(|id| self.org.visits.get(&id).cloned());
        let same = self.org.keys.get(&operation.key).is_some_and(|key| key.version == operation.version);
        let Some(visit) = visit.filter(|_| same) else {
            self.emit(Event::OperationAborted { operation: id, why: "conflict".to_string() });
            return Ok(Next::refused("pickup.conflict", "This key is not here any more."));
        };
        let (united, answers) = self.decide(&visit, operation.key);
        if united.effect != Effect::Allow {
            let asked = Turn::asked(&[&answers[0], &answers[1], &answers[2]]);
            self.emit_decided(Event::Revalidated { operation: id, differs: true }, asked);
            self.emit(Event::OperationAborted { operation: id, why: "revalidated".to_string() });
            return Ok(match united.effect {
                Effect::Deny { refusals, words } => Next::Refused(refusals, words),
                _ => Next::refused("decision.revalidated", "The rules have just changed. Please begin again."),
            });
        }
        self.emit(Event::BinReleased { operation: id });
        Ok(self.opening(id))
    }

    /// The box says what happened. The same report again changes nothing.
    pub fn report(&mut self, r#box: BoxId, id: OperationId, report: Report) -> Done<()> {
        let operation = self.operation(r#box, id)?;
        if operation.state == OperationState::Done {
            return Ok(());
        }
        let late = matches!(operation.state, OperationState::Aborted | OperationState::Unheard);
        let nothing = matches!(report, Report::NotTaken | Report::NotPlaced);
        if operation.state == OperationState::Aborted && nothing {
            return Ok(());
        }
        self.actor = Actor::Box(r#box);
        if late {
            self.emit(Event::OperationRecovered { operation: id });
        }
        match (operation.kind, report) {
            (OperationKind::Pickup, Report::Taken { verified }) => self.left(id, &operation, verified),
            (OperationKind::DropOff, Report::Placed) => self.came_back(operation.key, operation.bin, operation.visit),
            (OperationKind::Pickup, Report::Empty) => {
                self.emit(Event::OperationAborted { operation: id, why: "empty".to_string() });
                self.emit(Event::BinStateChanged { bin: operation.bin, state: BinState::Check });
                self.emit(Event::Discrepancy { key: operation.key, bin: operation.bin });
                let text = format!(
                    "The key {} is not in bin {} of {}.",
                    self.key_name(operation.key),
                    self.bin_label(operation.bin),
                    self.box_name(r#box)
                );
                self.tell_admins("discrepancy", &text);
            }
            (kind, Report::Wrong { fob }) => self.wrong(id, &operation, kind, &fob),
            (_, Report::NotTaken | Report::NotPlaced) => {
                self.emit(Event::OperationAborted { operation: id, why: "nothing".to_string() });
            }
            _ => return Err(Fault::Invalid("report", "this opening cannot end like that".to_string())),
        }
        Ok(())
    }

    fn left(&mut self, id: OperationId, operation: &Operation, verified: bool) {
        let key = operation.key;
        let Some(allowed) = operation.allowed.clone() else { return };
        if self.org.keys.get(&key).is_none_or(|key| key.version != operation.version) {
            // The report is late: the key has come back since, or somebody has looked and put the record right.
            self.emit(Event::OperationAborted { operation: id, why: "superseded".to_string() });
            let text = format!(
                "{} reports late that the key {} left. The record knows of it later.",
                self.box_name(operation.r#box),
                self.key_name(key)
            );
            self.tell_admins("late_report", &text);
            return;
        }
        let version = self.org.keys.get(&key).map_or(1, |key| key.version + 1);
        self.emit(Event::Taken {
            key,
            who: allowed.who,
            bin: operation.bin,
            operation: id,
            version,
            verified,
            after_hours: allowed.after_hours,
            method: allowed.method,
            factors: allowed.factors.clone(),
            reason: allowed.reason.clone(),
            authorised_by: allowed.authorised_by.clone(),
            due: operation.due,
        });
        self.alert(operation, &allowed);
    }

    /// Tells whoever is to be told that a key has left (R70, V23), once it has.
    fn alert(&mut self, operation: &Operation, allowed: &crate::org::Allowed) {
        let reason = allowed.reason.as_ref().and_then(|reason| {
            let label = self.org.reasons.get(&reason.code).map(|code| code.label.clone())?;
            Some(if reason.text.is_empty() { label } else { format!("{label}: {}", reason.text) })
        });
        let location = self.org.location_of(operation.r#box);
        let (_, minute, _) = self.org.civil(location, self.now);
        let text = format!(
            "{} took the key {} from {} at {:02}:{:02}. Reason: {}.",
            self.name(allowed.who),
            self.key_name(operation.key),
            self.box_name(operation.r#box),
            minute / 60,
            minute % 60,
            reason.as_deref().unwrap_or("none given")
        );
        let designated = location.and_then(|id| self.org.locations.get(&id)).and_then(|place| place.card.designated);
        let has = |name: &str| operation.alerts.contains(name);
        if let Some(designated) = designated.filter(|_| has("designated_sms") || has("designated_email")) {
            self.tell(designated, "after_hours", &text);
        }
        let boss = self.supervisor(allowed.who);
        if let Some(boss) = boss.filter(|_| has("notify_supervisor") || has("manager"))
            && self.tell(boss, "after_hours", &text)
        {
            self.emit(Event::SupervisorNotified { person: boss, key: operation.key });
        }
        if has("all_admins") || has("security") {
            self.tell_admins("after_hours", &text);
        }
        if has("review_item") {
            self.emit(Event::ReviewOpened { key: operation.key, why: "pickup".to_string() });
        }
    }

    /// Another key left, or came. Custody follows what really happened.
    fn wrong(&mut self, id: OperationId, operation: &Operation, kind: OperationKind, fob: &str) {
        let found = self.org.fobs.get(fob).copied();
        self.emit(Event::FobWrong { operation: id, found });
        self.emit(Event::OperationAborted { operation: id, why: "wrong_fob".to_string() });
        let Some(other) = found else { return };
        match (kind, operation.allowed.as_ref()) {
            (OperationKind::Pickup, Some(allowed)) => {
                let version = self.org.keys.get(&other).map_or(1, |key| key.version + 1);
                let place = Where::Held(allowed.who);
                self.emit(Event::Corrected { key: other, version, place, why: "another key left the bin".to_string() });
                let text = format!(
                    "{} has left {} instead of {}.",
                    self.key_name(other),
                    self.box_name(operation.r#box),
                    self.key_name(operation.key)
                );
                self.tell_admins("wrong_key", &text);
            }
            _ => self.came_back(other, operation.bin, operation.visit),
        }
    }

    /// Somebody wants to bring a key back. `visit` is theirs, if they said who they are. Nothing is asked (V10, X19).
    pub fn bring_back(&mut self, r#box: BoxId, fob: &str, visit: Option<VisitId>) -> Done<Next> {
        self.org.boxes.get(&r#box).ok_or(Fault::NotFound("box"))?;
        self.actor = Actor::Box(r#box);
        let Some(key) = self.org.fobs.get(fob).copied() else {
            self.emit(Event::FobUnknown { r#box });
            return Ok(Next::refused("fob.unknown", "This key is not known here. Please take it to an administrator."));
        };
        let open = self.org.openings().find(|(_, operation)| {
            let live = matches!(operation.state, OperationState::Ordered | OperationState::Begun);
            operation.key == key
                && operation.kind == OperationKind::DropOff
                && operation.r#box == r#box
                && live
                && self.now < operation.until
        });
        if let Some((open, _)) = open {
            return Ok(self.opening(open));
        }
        let Some(bin) = self.free_bin(r#box) else {
            let here = self.org.location_of(r#box);
            let other =
                self.org.boxes.iter().find(|(id, it)| Some(it.location) == here && self.free_bin(**id).is_some());
            let words = match other {
                Some((_, other)) => format!("This box is full. {} has room.", other.name),
                None => "This box is full. Please take the key to an administrator.".to_string(),
            };
            return Ok(Next::refused("box.full", &words));
        };
        let operation: OperationId = self.id();
        let until = self.now.saturating_add(SignedDuration::from_secs(120)).unwrap_or(jiff::Timestamp::MAX);
        let version = self.org.keys.get(&key).map_or(0, |key| key.version);
        let visit = visit.filter(|visit| self.org.visits.contains_key(visit));
        let kind = OperationKind::DropOff;
        let alerts = BTreeSet::new();
        self.emit(Event::OperationOrdered {
            operation,
            kind,
            key,
            bin,
            r#box,
            visit,
            version,
            until,
            due: None,
            alerts,
        });
        Ok(self.opening(operation))
    }

    /// A key was put into a bin while the host could not be reached; the box tells it afterwards (W16).
    pub fn brought_back(&mut self, r#box: BoxId, fob: &str, bin: BinId) -> Done<()> {
        let key = self.org.fobs.get(fob).copied().ok_or(Fault::NotFound("fob"))?;
        if self.org.bin_box(bin) != Some(r#box) {
            return Err(Fault::NotFound("bin"));
        }
        if self.org.keys.get(&key).is_some_and(|key| key.place == Where::Bin(bin)) {
            return Ok(());
        }
        self.actor = Actor::Box(r#box);
        self.came_back(key, bin, None);
        Ok(())
    }

    fn free_bin(&self, r#box: BoxId) -> Option<BinId> {
        let it = self.org.boxes.get(&r#box)?;
        let live = |bin: &BinId| {
            self.org.openings().any(|(_, operation)| {
                operation.bin == *bin && (operation.kind == OperationKind::Pickup || self.now < operation.until)
            })
        };
        let free = |bin: &&BinId| {
            self.org.bins.get(bin).is_some_and(|known| known.state == BinState::Enabled && known.key.is_none())
                && !live(bin)
        };
        it.bins.iter().find(free).copied()
    }

    fn came_back(&mut self, key: KeyId, bin: BinId, visit: Option<VisitId>) {
        let Some(known) = self.org.keys.get(&key).cloned() else { return };
        if known.place == Where::Bin(bin) {
            return;
        }
        // A bin holds one key: if the record has another one in it, nobody knows where that is.
        if let Some(other) = self.org.bins.get(&bin).and_then(|bin| bin.key) {
            self.emit(Event::Discrepancy { key: other, bin });
        }
        let by = visit.and_then(|id| self.org.visits.get(&id)).map(|visit| visit.who);
        let holder = match known.place {
            Where::Held(who) => Some(who),
            _ => None,
        };
        let r#box = self.org.bin_box(bin);
        let who = by.unwrap_or(Who::Person(crate::id::PersonId(ulid::Ulid::nil())));
        let want = crate::facts::Want { who, method: Method::Badge, key, r#box, action: Action::DropOff };
        let facts = self.org.facts(&want, self.now, self.sms_works());
        let settings = self.org.settings_for(person_of(who));
        let answer = self.ask(Kind::Access, "permission", &facts, &settings);
        let version = known.version + 1;
        self.emit_decided(Event::Returned { key, bin, version, by, holder }, Turn::asked(&[&answer]));
        match by {
            Some(by) if holder.is_some_and(|holder| holder != by) => {
                self.emit(Event::ReturnedByOther { key, by, holder })
            }
            None => self.emit(Event::UnknownReturner { key, holder }),
            _ => {}
        }
        if known.overdue_told {
            self.emit(Event::OverdueCleared { key });
        }
        let swaps: Vec<_> = self
            .org
            .swaps
            .iter()
            .filter(|(_, swap)| swap.key == key && swap.state == crate::kinds::SwapState::CodeSent)
            .map(|(id, _)| *id)
            .collect();
        for swap in swaps {
            self.emit(Event::SwapCancelled { swap, why: "returned".to_string() });
        }
    }

    fn bin_label(&self, bin: BinId) -> String {
        self.org.bins.get(&bin).map(|bin| bin.label.clone()).unwrap_or_default()
    }
}

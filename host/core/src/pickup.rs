//! Deciding a pickup and ordering the release (F08-F15, F18). In: a visit with a chosen key. Out: what is still to be shown, who has to
//! agree, an opening of the bin, or a refusal. The only place where the answers for a pickup are united. Refuses to open a bin by
//! itself: the box does, after it has asked again.

use crate::desk::Answer;
use crate::event::{Event, Who};
use crate::fault::{Done, Fault};
use crate::id::{ApprovalId, KeyId, OperationId, VisitId};
use crate::kinds::{BinState, OperationKind, OperationState, Proof};
use crate::org::{Visit, Where};
use crate::shelf::Kind;
use crate::turn::Turn;
use crate::unite::{Effect, Shown, United, unite};
use crate::visit::{Next, actor, person_of};
use jiff::{SignedDuration, Timestamp};

/// Seconds an opening may wait for the box.
const WAITS: i64 = 30;
/// Minutes other people have to agree.
const AGREE: i64 = 5;

impl Turn<'_> {
    /// Asks the three policies that apply to a pickup, and unites what they say.
    pub(crate) fn decide(&mut self, visit: &Visit, key: KeyId) -> (United, [Answer; 3]) {
        let facts = self.org.visit_facts(visit, key, self.now, self.sms_works());
        let settings = self.org.settings_for(person_of(visit.who));
        let ordinary = self.ask(Kind::Access, "permission", &facts, &settings);
        let second = self.ask(Kind::Pickup, "pickup", &facts, &settings);
        let later = self.ask_after_hours(self.org.location_of(visit.r#box), &facts, &settings);
        let approval = visit.approval.and_then(|id| self.org.approvals.get(&id)).filter(|approval| approval.key == key);
        let shown = Shown {
            proofs: visit.shown.clone(),
            reason: visit.reason.is_some(),
            approvers: approval.map_or(0, |approval| u8::try_from(approval.given.len()).unwrap_or(u8::MAX)),
            acknowledged: approval.is_some_and(|approval| approval.acknowledged),
        };
        let mut united = unite(visit.method, &ordinary, &second, &later, &shown);
        if approval.is_some_and(|approval| approval.refused) && !matches!(united.effect, Effect::Deny { .. }) {
            let words = vec!["Nobody has agreed to this.".to_string()];
            united.effect = Effect::Deny { refusals: vec!["approval.denied".to_string()], words };
        }
        (united, [ordinary, second, later])
    }

    /// Takes a visit one step on: decides anew with everything that was shown so far.
    pub fn proceed(&mut self, id: VisitId) -> Done<Next> {
        if let Some(screen) = self.screen_of_decoy(id) {
            return screen;
        }
        let visit = self.visit(id)?;
        let Some(key) = visit.key else { return self.offers(id) };
        if let Some(open) = visit.operation.and_then(|id| Some((id, self.org.operations.get(&id)?)))
            && matches!(open.1.state, OperationState::Ordered | OperationState::Begun)
        {
            return Ok(self.opening(open.0));
        }
        self.actor = actor(visit.who);
        let (united, answers) = self.decide(&visit, key);
        let asked = Turn::asked(&[&answers[0], &answers[1], &answers[2]]);
        match united.effect {
            Effect::Deny { refusals, words } => {
                self.emit_decided(Event::PickupDenied { visit: id, key, refusals: refusals.clone() }, asked);
                self.warn_of_refusal(&visit, key, &united.duties);
                Ok(Next::Refused(refusals, words))
            }
            Effect::Challenge { reason: true, .. } => {
                let reasons = self.org.reasons.iter().map(|(code, reason)| (code.clone(), reason.label.clone()));
                Ok(Next::Reason(reasons.collect()))
            }
            Effect::Challenge { demands, .. } => {
                self.demand(id, &visit, demands.into_iter().next().unwrap_or_default())
            }
            Effect::Pend { people, supervisor } => Ok(self.pend(id, &visit, key, people, supervisor)),
            Effect::Allow => self.order(id, &visit, key, &united, asked),
        }
    }

    /// Asks for one proof. A code goes out by itself where nothing else would do.
    fn demand(&mut self, id: VisitId, visit: &Visit, proofs: Vec<Proof>) -> Done<Next> {
        let others = proofs.iter().any(|proof| !matches!(proof, Proof::Code | Proof::Authenticator));
        if !proofs.contains(&Proof::Code) || others && visit.challenge.is_none() {
            return Ok(Next::Prove(proofs, None));
        }
        match self.send_code(id)? {
            Some(sent) => Ok(Next::Prove(proofs, Some(sent))),
            None if proofs.len() > 1 => {
                Ok(Next::Prove(proofs.into_iter().filter(|proof| *proof != Proof::Code).collect(), None))
            }
            None => {
                Ok(Next::refused("pickup.too_many_codes", "No more codes can be sent just now. Please wait a little."))
            }
        }
    }

    /// Sends a code where it is one of several proofs to choose from.
    pub fn ask_code(&mut self, id: VisitId) -> Done<Next> {
        if let Some(screen) = self.screen_of_decoy(id) {
            return screen;
        }
        let visit = self.visit(id)?;
        self.box_open(visit.r#box)?;
        let Some(key) = visit.key else { return self.offers(id) };
        self.actor = actor(visit.who);
        let (united, _) = self.decide(&visit, key);
        match united.effect {
            Effect::Challenge { reason: false, demands }
                if demands.first().is_some_and(|demand| demand.contains(&Proof::Code)) =>
            {
                match self.send_code(id)? {
                    Some(sent) => Ok(Next::Prove(vec![Proof::Code], Some(sent))),
                    None => Ok(Next::refused("pickup.too_many_codes", "No code can be sent just now.")),
                }
            }
            _ => self.proceed(id),
        }
    }

    fn pend(&mut self, id: VisitId, visit: &Visit, key: KeyId, people: u8, supervisor: bool) -> Next {
        let open = visit.approval.and_then(|id| self.org.approvals.get(&id)).filter(|approval| approval.key == key);
        if let Some(open) = open {
            let given = u8::try_from(open.given.len()).unwrap_or(u8::MAX);
            return Next::Wait { people, given, supervisor: supervisor && !open.acknowledged, until: open.until };
        }
        let approval: ApprovalId = self.id();
        let until = self.after(AGREE);
        self.emit(Event::ApprovalRequested { approval, visit: id, key, people, supervisor, until });
        let text = format!(
            "{} asks for the key {} at {}. Please answer in the app.",
            self.name(visit.who),
            self.key_name(key),
            self.box_name(visit.r#box)
        );
        if people > 0 {
            for approver in self.approvers(visit.who) {
                self.tell(approver, "approval", &text);
            }
        }
        if supervisor && let Some(boss) = self.supervisor(visit.who) {
            self.tell(boss, "approval", &text);
        }
        Next::Wait { people, given: 0, supervisor, until }
    }

    /// Orders the opening of a bin. One opening of a key at a time (D5).
    fn order(
        &mut self,
        id: VisitId,
        visit: &Visit,
        key: KeyId,
        united: &United,
        asked: Vec<crate::event::Asked>,
    ) -> Done<Next> {
        let known = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?.clone();
        let Where::Bin(bin) = known.place else { return Ok(self.conflict(id, key)) };
        if known.operation.is_some() || self.org.bin_box(bin) != Some(visit.r#box) {
            return Ok(self.conflict(id, key));
        }
        if self.org.bins.get(&bin).is_none_or(|bin| bin.state != BinState::Enabled) {
            return Ok(Next::refused(
                "pickup.bin_disabled",
                "This bin is not in use at the moment. Please ask an administrator.",
            ));
        }
        let booked = match visit.who {
            Who::Guest(id) => self.org.bookings.get(&id).map(|booking| booking.until),
            Who::Person(_) => None,
        };
        let limits = [known.card.max_out_minutes, united.return_within]
            .into_iter()
            .flatten()
            .map(|minutes| self.after(i64::from(minutes)));
        let due = limits.chain(booked).min();
        let operation: OperationId = self.id();
        let until = self.now.saturating_add(SignedDuration::from_secs(WAITS)).unwrap_or(Timestamp::MAX);
        self.emit(Event::OperationOrdered {
            operation,
            kind: OperationKind::Pickup,
            key,
            bin,
            r#box: visit.r#box,
            visit: Some(id),
            version: known.version,
            until,
            due,
            alerts: united.duties.clone(),
        });
        let exempt = united.flags.iter().any(|flag| flag == "exempt_method");
        let allowed = Event::PickupAllowed {
            visit: id,
            key,
            operation,
            after_hours: united.after_hours,
            exempt,
            flags: united.flags.clone(),
            factors: united.factors.clone(),
            shown: visit.shown.clone(),
        };
        self.emit_decided(allowed, asked);
        Ok(self.opening(operation))
    }

    fn conflict(&mut self, visit: VisitId, key: KeyId) -> Next {
        self.emit(Event::PickupConflict { visit, key });
        Next::refused("pickup.conflict", "Somebody was a moment faster.")
    }

    pub(crate) fn opening(&self, id: OperationId) -> Next {
        let Some(operation) = self.org.operations.get(&id) else { return Next::not_accepted() };
        let bin = self.org.bins.get(&operation.bin).map(|bin| bin.label.clone()).unwrap_or_default();
        Next::Open { operation: id, bin, until: operation.until }
    }

    fn warn_of_refusal(&mut self, visit: &Visit, key: KeyId, duties: &std::collections::BTreeSet<String>) {
        let text = format!(
            "{} was refused the key {} at {}.",
            self.name(visit.who),
            self.key_name(key),
            self.box_name(visit.r#box)
        );
        if duties.contains("manager") {
            match self.supervisor(visit.who) {
                Some(boss) => {
                    self.tell(boss, "pickup_refused", &text);
                }
                None => self.tell_admins("pickup_refused", &text),
            }
        }
        if duties.contains("security") || duties.contains("all_admins") {
            self.tell_admins("pickup_refused", &text);
        }
    }

    pub(crate) fn key_name(&self, id: KeyId) -> String {
        self.org.keys.get(&id).map_or_else(|| "a key".to_string(), |key| key.card.name.clone())
    }

    /// The manager of somebody, if the account is in use.
    pub(crate) fn supervisor(&self, who: Who) -> Option<crate::id::PersonId> {
        let id = match who {
            Who::Person(id) => self.org.people.get(&id)?.manager?,
            Who::Guest(id) => self.org.bookings.get(&id)?.by,
        };
        self.org.people.get(&id).filter(|person| person.state == crate::kinds::AccountState::Active).map(|_| id)
    }

    /// Who may agree to a pickup of somebody else.
    pub(crate) fn approvers(&self, of: Who) -> Vec<crate::id::PersonId> {
        use crate::kinds::{AccountState, Role};
        let may = |role: Role| {
            matches!(role, Role::Owner | Role::OrgAdmin | Role::CoAdmin | Role::LocationManager | Role::Manager)
        };
        let people =
            self.org.people.iter().filter(|(id, person)| {
                person.state == AccountState::Active && may(person.role) && Who::Person(**id) != of
            });
        people.map(|(id, _)| *id).collect()
    }
}

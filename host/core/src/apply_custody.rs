//! The fold of what moves keys: boxes, bins, bookings, openings, custody, swaps and messages. In: one event. Out: the organization
//! after it. Refuses what `apply` refuses.

use crate::event::{Event, Who};
use crate::id::{KeyId, OperationId, SwapId};
use crate::kinds::{BinState, BookingState, Channel, KeyStatus, OperationKind, OperationState, SwapState};
use crate::org::{Allowed, Bin, Booking, Key, LockBox, Notice, Operation, Org, Swap, Where};
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

/// The first name that something of the last seven days can have: names begin with their time.
fn week_before(at: Timestamp) -> Ulid {
    let then = at.saturating_sub(SignedDuration::from_hours(24 * 7)).unwrap_or(Timestamp::MIN);
    Ulid::from_parts(u64::try_from(then.as_millisecond()).unwrap_or(0), 0)
}

impl Org {
    pub(crate) fn apply_custody(&mut self, event: &Event, at: Timestamp) {
        match event.clone() {
            Event::GroupCreated { group, name } => {
                self.groups.insert(group, name);
            }
            Event::KeyCreated { key, card } => {
                if let Some(fob) = &card.fob {
                    self.fobs.insert(fob.clone(), key);
                }
                let made = Key {
                    card,
                    status: KeyStatus::Active,
                    place: Where::Unknown,
                    version: 0,
                    since: None,
                    due: None,
                    due_told: false,
                    overdue_told: false,
                    operation: None,
                    last_bin: None,
                };
                self.keys.insert(key, made);
            }
            Event::KeyChanged { key, card } => {
                self.fobs.retain(|_, of| *of != key);
                if let Some(fob) = &card.fob {
                    self.fobs.insert(fob.clone(), key);
                }
                if let Some(key) = self.keys.get_mut(&key) {
                    key.card = card;
                }
            }
            Event::KeyStatusChanged { key, status } => {
                if let Some(key) = self.keys.get_mut(&key) {
                    key.status = status;
                }
            }
            Event::BoxAdded { r#box, location, name, bins } => {
                for (id, label) in &bins {
                    let made = Bin { r#box, label: label.clone(), state: BinState::Enabled, key: None };
                    self.bins.insert(*id, made);
                }
                let made = LockBox {
                    location,
                    name,
                    public_key: None,
                    bins: bins.into_iter().map(|(id, _)| id).collect(),
                    online: false,
                    skew: 0,
                    misses: 0,
                    wrong: Vec::new(),
                    locked: None,
                };
                self.boxes.insert(r#box, made);
            }
            Event::BoxEnrolled { r#box, public_key } => {
                if let Some(it) = self.boxes.get_mut(&r#box) {
                    it.public_key = Some(public_key);
                }
            }
            Event::BoxOnline { r#box } => {
                if let Some(it) = self.boxes.get_mut(&r#box) {
                    it.online = true;
                }
            }
            Event::BoxOffline { r#box } => {
                if let Some(it) = self.boxes.get_mut(&r#box) {
                    it.online = false;
                }
            }
            Event::BoxClockSkew { r#box, seconds } => {
                if let Some(it) = self.boxes.get_mut(&r#box) {
                    it.skew = seconds;
                }
            }
            Event::BinStateChanged { bin, state } => {
                if let Some(bin) = self.bins.get_mut(&bin) {
                    bin.state = state;
                }
            }
            Event::BookingCreated { booking, key, person, kind, from, until, by, approved } => {
                let state = if approved { BookingState::Approved } else { BookingState::Pending };
                self.bookings.insert(booking, Booking { key, person, kind, from, until, by, state });
            }
            Event::BookingApproved { booking, .. } => self.booked(booking, BookingState::Approved),
            Event::BookingRejected { booking, .. } => self.booked(booking, BookingState::Rejected),
            Event::BookingCancelled { booking } => self.booked(booking, BookingState::Cancelled),
            Event::BookingExpired { booking } => self.booked(booking, BookingState::Expired),
            Event::PickupAllowed { visit, operation, after_hours, factors, .. } => {
                let Some(visit) = self.visits.get(&visit) else { return };
                let approval = visit.approval.and_then(|approval| self.approvals.get(&approval));
                let allowed = Allowed {
                    after_hours,
                    factors,
                    method: visit.method,
                    who: visit.who,
                    reason: visit.reason.clone(),
                    authorised_by: approval
                        .map(|approval| approval.given.iter().copied().collect())
                        .unwrap_or_default(),
                };
                if let Some(operation) = self.operations.get_mut(&operation) {
                    operation.allowed = Some(allowed);
                }
            }
            Event::OperationOrdered { operation, kind, key, bin, r#box, visit, version, until, due, alerts } => {
                if let Some(visit) = visit.and_then(|visit| self.visits.get_mut(&visit)) {
                    (visit.operation, visit.touched) = (Some(operation), at);
                }
                if let Some(key) = self.keys.get_mut(&key) {
                    key.operation = Some(operation);
                }
                let made = Operation {
                    kind,
                    key,
                    bin,
                    r#box,
                    visit,
                    version,
                    until,
                    due,
                    alerts,
                    state: OperationState::Ordered,
                    allowed: None,
                };
                // What ended long ago cannot be reported any more.
                let over: Vec<_> = self.operations.range(..OperationId(week_before(at))).map(|(id, _)| *id).collect();
                for id in over.iter().filter(|id| !self.open.contains(id)) {
                    self.operations.remove(id);
                }
                self.open.insert(operation);
                self.operations.insert(operation, made);
            }
            Event::BinReleased { operation } => self.operation_is(operation, OperationState::Begun),
            Event::OperationAborted { operation, .. } => self.operation_is(operation, OperationState::Aborted),
            Event::OperationUnheard { operation } => self.operation_is(operation, OperationState::Unheard),
            Event::Placed { key, bin, version } => self.put(key, Where::Bin(bin), version, at),
            Event::Taken { key, who, operation, version, due, reason, .. } => {
                if let Some(reason) = reason {
                    self.reasons_used.insert(reason.code, at);
                }
                self.taken(key, who, operation, version, due, at);
            }
            Event::Returned { key, bin, version, holder, .. } => {
                if let Some(Who::Guest(booking)) = holder {
                    self.booked(booking, BookingState::Closed);
                }
                self.put(key, Where::Bin(bin), version, at);
                let operation = self.keys.get(&key).and_then(|key| key.operation);
                if let Some(operation) = operation {
                    self.operation_is(operation, OperationState::Done);
                }
            }
            Event::Corrected { key, version, place, .. } => {
                self.put(key, place, version, at);
                let operation = self.keys.get(&key).and_then(|key| key.operation);
                if let Some(operation) = operation {
                    self.operation_is(operation, OperationState::Aborted);
                }
            }
            Event::Discrepancy { key, .. } => {
                let version = self.keys.get(&key).map_or(0, |key| key.version + 1);
                self.put(key, Where::Unknown, version, at);
            }
            Event::Due { key, .. } => {
                if let Some(key) = self.keys.get_mut(&key) {
                    key.due_told = true;
                }
            }
            Event::Overdue { key, .. } => {
                if let Some(key) = self.keys.get_mut(&key) {
                    key.overdue_told = true;
                }
            }
            Event::SwapRequested { swap, key, from, to, actor, version } => {
                let made = Swap { key, from, to, actor, version, challenge: None, state: SwapState::CodeSent };
                let over: Vec<_> = self.swaps.range(..SwapId(week_before(at))).map(|(id, _)| *id).collect();
                for id in over {
                    self.swaps.remove(&id);
                }
                self.swaps.insert(swap, made);
            }
            Event::SwapCodeSent { swap, challenge, .. } => {
                if let Some(swap) = self.swaps.get_mut(&swap) {
                    swap.challenge = Some(challenge);
                }
            }
            Event::SwapCompleted { swap, key, to, version, .. } => {
                if let Some(swap) = self.swaps.get_mut(&swap) {
                    swap.state = SwapState::Completed;
                }
                let kept = self.keys.get(&key).map(|key| (key.due, key.overdue_told));
                self.put(key, Where::Held(Who::Person(to)), version, at);
                if let (Some(key), Some(kept)) = (self.keys.get_mut(&key), kept) {
                    (key.due, key.overdue_told) = kept;
                }
            }
            Event::SwapCancelled { swap, .. } => {
                if let Some(swap) = self.swaps.get_mut(&swap) {
                    swap.state = SwapState::Cancelled;
                    if let Some(challenge) = swap.challenge {
                        self.challenges.remove(&challenge);
                    }
                }
            }
            Event::NoticeQueued { notice, to, channel, about } => {
                self.notices.insert(notice, Notice { to, channel, about, failures: 0 });
            }
            Event::NoticeSent { notice } => {
                let gone = self.notices.remove(&notice);
                if gone.is_some_and(|notice| notice.channel == Channel::Sms) {
                    self.sms_failed = None;
                }
            }
            Event::NoticeFailed { notice, last, .. } => {
                if let Some(it) = self.notices.get_mut(&notice) {
                    it.failures = it.failures.saturating_add(1);
                    if it.channel == Channel::Sms {
                        self.sms_failed = Some(at);
                    }
                }
                if last {
                    self.notices.remove(&notice);
                }
            }
            _ => {}
        }
    }

    fn booked(&mut self, id: crate::id::BookingId, state: BookingState) {
        if let Some(booking) = self.bookings.get_mut(&id) {
            booking.state = state;
        }
    }

    /// An opening that ended sets its key free.
    fn operation_is(&mut self, id: OperationId, state: OperationState) {
        let Some(operation) = self.operations.get_mut(&id) else { return };
        operation.state = state;
        let ended = matches!(state, OperationState::Done | OperationState::Aborted);
        if ended {
            self.open.remove(&id);
        } else {
            self.open.insert(id);
        }
        if ended && let Some(key) = self.keys.get_mut(&operation.key).filter(|key| key.operation == Some(id)) {
            key.operation = None;
        }
    }

    fn taken(
        &mut self,
        id: KeyId,
        who: Who,
        operation: OperationId,
        version: u64,
        due: Option<Timestamp>,
        at: Timestamp,
    ) {
        self.put(id, Where::Held(who), version, at);
        if let Some(key) = self.keys.get_mut(&id) {
            (key.due, key.due_told, key.overdue_told) = (due, false, false);
        }
        self.operation_is(operation, OperationState::Done);
        let Some(operation) = self.operations.get(&operation) else { return };
        debug_assert_eq!(operation.kind, OperationKind::Pickup, "only a pickup takes a key");
        let visit = operation.visit.and_then(|visit| self.visits.get_mut(&visit));
        if let Some(visit) = visit {
            (visit.key, visit.reason, visit.approval, visit.operation) = (None, None, None, None);
            let used = visit.credential.and_then(|credential| self.credentials.get_mut(&credential));
            if let Some(credential) = used.filter(|credential| credential.once) {
                credential.used = true;
            }
        }
        if let Who::Guest(booking) = who {
            self.booked(booking, BookingState::Active);
        }
    }
}

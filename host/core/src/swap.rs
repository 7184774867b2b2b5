//! Handing a key on in the field (F17, R11-R14). In: who hands which key to whom, and the code of the receiver. Out: a new keyholder.
//! The policies are asked when it is requested and again when it is confirmed: for the swap itself and, so that a swap dodges nothing,
//! for the receiver. Refuses to move a key whose custody has changed meanwhile.

use crate::code::{self, Purpose};
use crate::desk::{Answer, Fact, Facts};
use crate::event::{Actor, Event, Reason, Who};
use crate::fault::{Done, Fault};
use crate::id::{ChallengeId, KeyId, PersonId, SwapId};
use crate::kinds::{AccountState, Action, Channel, Method, Role, SwapState};
use crate::org::{Swap, Where};
use crate::shelf::Kind;
use crate::turn::Turn;
use crate::vault::Owner;

/// Tries of a handshake (section 0).
const TRIES: u8 = 3;
/// Minutes it holds.
const HOLDS: i64 = 5;

/// Where a swap stands after a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swapped {
    /// The receiver got a code; the keyholder types it.
    CodeSent(SwapId, Channel),
    /// The key has a new keyholder.
    Done(SwapId),
    /// The code was wrong; so many tries are left.
    Wrong(u8),
    /// No: reasons, and what to say.
    Refused(Vec<String>, Vec<String>),
}

impl Turn<'_> {
    fn swap_facts(&self, key: KeyId, actor: PersonId, from: Option<PersonId>, to: PersonId) -> Facts {
        let nobody = PersonId(ulid::Ulid::nil());
        let method = Method::App;
        let want = crate::facts::Want { who: Who::Person(to), method, key, r#box: None, action: Action::Swap };
        let mut facts = self.org.facts(&want, self.now, self.sms_works());
        facts.insert("actor.id", Fact::Id(actor.to_string()));
        facts.insert("holder.id", Fact::Id(from.unwrap_or(nobody).to_string()));
        facts.insert("receiver.id", Fact::Id(to.to_string()));
        let in_use = |id: PersonId| self.org.people.get(&id).is_some_and(|person| person.state == AccountState::Active);
        let role = self.org.people.get(&actor).map_or(Role::User, |person| person.role);
        facts.insert("actor.role", Fact::Name(role.word()));
        facts.insert("actor.suspended", Fact::Is(!in_use(actor)));
        facts.insert("receiver.suspended", Fact::Is(!in_use(to)));
        let receiver = self.org.people.get(&to);
        facts.insert("receiver.mobile", Fact::Is(receiver.is_some_and(|person| person.mobile.is_some())));
        facts.insert("receiver.email", Fact::Is(receiver.is_some_and(|person| person.email.is_some())));
        facts.insert("holder.standing_right", Fact::Is(from.is_some_and(|from| self.stands(from, key))));
        facts
    }

    /// Whether somebody has a permission for a key that is not for reservations only.
    fn stands(&self, id: PersonId, key: KeyId) -> bool {
        let Some(person) = self.org.people.get(&id) else { return false };
        let mut own = self.org.permissions.values().filter(|permission| self.org.concerns(permission, id, person, key));
        own.any(|permission| !permission.denies && !permission.reservation_only)
    }

    fn ask_swap(
        &mut self,
        key: KeyId,
        actor: PersonId,
        from: Option<PersonId>,
        to: PersonId,
        reason: bool,
    ) -> [Answer; 3] {
        let mut facts = self.swap_facts(key, actor, from, to);
        facts.insert("reason.given", Fact::Is(reason));
        let settings = self.org.settings.clone();
        let home = self.org.keys.get(&key).and_then(|key| key.last_bin).and_then(|bin| self.org.bin_box(bin));
        let location =
            home.and_then(|id| self.org.location_of(id)).or_else(|| self.org.locations.keys().next().copied());
        let (date, minute, _) = self.org.civil(location, self.now);
        facts.insert("now", Fact::Moment(date, minute));
        let swap = self.ask(Kind::FieldSwap, "swap", &facts, &settings);
        let ordinary = self.ask(Kind::Access, "permission", &facts, &settings);
        let later = self.ask_after_hours(location, &facts, &settings);
        [swap, ordinary, later]
    }

    /// What stands in the way of a swap.
    fn swap_refused(answers: &[Answer; 3]) -> Option<(Vec<String>, Vec<String>)> {
        let [swap, ordinary, later] = answers;
        let (mut refusals, mut words) = (Vec::new(), Vec::new());
        for (name, answer) in [("swap", swap), ("access", ordinary), ("after_hours", later)] {
            if !answer.allows() {
                refusals.extend(answer.members("refusals").iter().map(|one| format!("{name}.{one}")));
                if answer.members("refusals").is_empty() {
                    refusals.push(format!("{name}.refused"));
                }
                words.extend(answer.because.iter().map(|(_, text)| text.clone()));
            }
        }
        // In the field nobody can show a second kind of proof. What asks for one is done at a box.
        if refusals.is_empty() && (later.name("kinds") != "1" || !later.members("proofs").is_empty()) {
            refusals.push("after_hours.at_a_box_only".to_string());
            words.push("While the place is closed, keys change hands at a box only.".to_string());
        }
        if refusals.is_empty() { None } else { Some((refusals, words)) }
    }

    /// Hands a key to somebody.
    pub fn request_swap(&mut self, key: KeyId, to: PersonId, reason: Option<&Reason>) -> Done<Swapped> {
        let Actor::Person(me) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        let known = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?.clone();
        self.person(to)?;
        let from = match known.place {
            Where::Held(Who::Person(id)) => Some(id),
            _ => None,
        };
        let answers = self.ask_swap(key, me, from, to, reason.is_some());
        let asked = Turn::asked(&[&answers[0], &answers[1], &answers[2]]);
        let refused = Self::swap_refused(&answers);
        let (Some(from), None) = (from, &refused) else {
            let (refusals, words) = refused.unwrap_or_else(|| (vec!["swap.not_held".to_string()], Vec::new()));
            self.emit_decided(Event::SwapDenied { key, to, refusals: refusals.clone() }, asked);
            return Ok(Swapped::Refused(refusals, words));
        };
        if reason.is_none() && answers[1].name("release") == "after_reason" {
            return Err(Fault::Invalid("reason", "a reason is needed to hand a key on".to_string()));
        }
        let open: Vec<SwapId> = self.open_swaps(|swap| swap.key == key);
        for swap in open {
            self.emit(Event::SwapCancelled { swap, why: "another was requested".to_string() });
        }
        let swap: SwapId = self.id();
        self.emit_decided(Event::SwapRequested { swap, key, from, to, actor: me, version: known.version }, asked);
        if answers[0].name("handshake") != "needed" {
            return Ok(self.complete(swap, &answers[0], false));
        }
        let Some(channel) = Channel::of(answers[0].name("channel")).filter(|_| self.may_send(Some(to), None)) else {
            self.emit(Event::SwapCancelled { swap, why: "unreachable".to_string() });
            let words = vec!["The new keyholder cannot be sent a code just now.".to_string()];
            return Ok(Swapped::Refused(vec!["swap.receiver_unreachable".to_string()], words));
        };
        let challenge: ChallengeId = self.id();
        let until = self.after(HOLDS);
        let purpose = "swap".to_string();
        self.emit(Event::ChallengeCreated {
            challenge,
            purpose,
            person: Some(to),
            visit: None,
            channel: Some(channel),
            until,
        });
        self.emit(Event::SwapCodeSent { swap, challenge, channel });
        let bound = Self::bound(swap, key, from, to);
        let parts: Vec<&[u8]> = bound.iter().map(<[u8; 16]>::as_slice).collect();
        let code = self.new_code(challenge, Purpose::Swap, &parts);
        let text = format!(
            "{code}: {} hands you the key {}. Tell them this code if you take it over.",
            self.name(Who::Person(from)),
            self.key_name(key)
        );
        self.send(Who::Person(to), channel, "swap_code", &text, Some(until));
        Ok(Swapped::CodeSent(swap, channel))
    }

    fn bound(swap: SwapId, key: KeyId, from: PersonId, to: PersonId) -> [[u8; 16]; 4] {
        [swap.0.to_bytes(), key.0.to_bytes(), from.0.to_bytes(), to.0.to_bytes()]
    }

    /// The keyholder types the code that the receiver got.
    pub fn confirm_swap(&mut self, id: SwapId, digits: &str) -> Done<Swapped> {
        let Actor::Person(me) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        // Nobody else learns that there is such a swap, the receiver included: the code is typed by the keyholder (X20).
        let swap = self.org.swaps.get(&id).filter(|swap| swap.actor == me).ok_or(Fault::NotFound("swap"))?.clone();
        match swap.state {
            SwapState::Completed => return Ok(Swapped::Done(id)),
            SwapState::Cancelled => return Err(Fault::Over("swap")),
            SwapState::CodeSent => {}
        }
        let Some((challenge, open)) =
            swap.challenge.and_then(|open| Some((open, self.org.challenges.get(&open)?.clone())))
        else {
            return Err(Fault::Over("swap"));
        };
        if self.now >= open.until {
            self.emit(Event::SwapCancelled { swap: id, why: "expired".to_string() });
            return Ok(Swapped::Refused(
                vec!["swap.expired".to_string()],
                vec!["The code is too old. Please begin again.".to_string()],
            ));
        }
        let bound = Self::bound(id, swap.key, swap.from, swap.to);
        let challenge_id = challenge.0.to_bytes();
        let parts: Vec<&[u8]> =
            [challenge_id.as_slice()].into_iter().chain(bound.iter().map(<[u8; 16]>::as_slice)).collect();
        let mac = self.pepper.mac(Purpose::Swap, &parts, digits);
        if !self.org.vault.mac(Owner::Challenge(challenge)).is_some_and(|own| code::same(own, &mac)) {
            let left = TRIES.saturating_sub(open.misses + 1);
            self.emit(Event::ChallengeFailed { challenge, left });
            self.emit(Event::SwapCodeFailed { swap: id });
            if left == 0 {
                self.emit(Event::SwapCancelled { swap: id, why: "too many wrong tries".to_string() });
                self.record(Owner::Challenge(challenge), None);
            }
            return Ok(Swapped::Wrong(left));
        }
        self.emit(Event::ChallengePassed { challenge });
        self.record(Owner::Challenge(challenge), None);
        Ok(self.recheck(id, &swap))
    }

    /// Right code; but the world may have changed since it was sent (W6, W15).
    fn recheck(&mut self, id: SwapId, swap: &Swap) -> Swapped {
        let same = self.org.keys.get(&swap.key).is_some_and(|key| key.version == swap.version);
        let answers = self.ask_swap(swap.key, swap.actor, Some(swap.from), swap.to, true);
        let refused = Self::swap_refused(&answers);
        if !same {
            self.emit(Event::SwapCancelled { swap: id, why: "custody changed".to_string() });
            return Swapped::Refused(
                vec!["swap.conflict".to_string()],
                vec!["This key has changed hands meanwhile.".to_string()],
            );
        }
        if let Some((refusals, words)) = refused {
            let asked = Turn::asked(&[&answers[0], &answers[1], &answers[2]]);
            self.emit_decided(Event::SwapDenied { key: swap.key, to: swap.to, refusals: refusals.clone() }, asked);
            self.emit(Event::SwapCancelled { swap: id, why: "refused".to_string() });
            return Swapped::Refused(refusals, words);
        }
        self.complete(id, &answers[0], true)
    }

    fn complete(&mut self, id: SwapId, answer: &Answer, handshake: bool) -> Swapped {
        let Some(swap) = self.org.swaps.get(&id).cloned() else { return Swapped::Refused(Vec::new(), Vec::new()) };
        if answer.has("record", "exempt_role") {
            let role = self.org.people.get(&swap.actor).map_or(Role::User, |person| person.role);
            self.emit(Event::SwapExempted { swap: id, role });
        }
        if answer.has("record", "forced_by_admin") {
            self.emit(Event::SwapForced { swap: id });
        }
        let version = swap.version + 1;
        self.emit(Event::SwapCompleted { swap: id, key: swap.key, from: swap.from, to: swap.to, version, handshake });
        let key = self.key_name(swap.key);
        let (from, to) = (self.name(Who::Person(swap.from)), self.name(Who::Person(swap.to)));
        self.tell(swap.from, "swap", &format!("The key {key} is now with {to}."));
        self.tell(swap.to, "swap", &format!("You now have the key {key}, from {from}."));
        Swapped::Done(id)
    }

    pub(crate) fn open_swaps(&self, which: impl Fn(&Swap) -> bool) -> Vec<SwapId> {
        let open = self.org.swaps.iter().filter(|(_, swap)| swap.state == SwapState::CodeSent && which(swap));
        open.map(|(id, _)| *id).collect()
    }

    pub(crate) fn cancel_swaps(&mut self, of: PersonId, why: &str) {
        for swap in self.open_swaps(|swap| swap.from == of || swap.to == of || swap.actor == of) {
            self.emit(Event::SwapCancelled { swap, why: why.to_string() });
        }
    }
}

//! Bookings of guests and reservations of people (F06, F07). In: a key, a time, who. Out: a code and a link for guests, shown once. A key
//! is booked once at a time (D4). Refuses times that are over.

use crate::event::{Event, Who};
use crate::fault::{Done, Fault, invalid};
use crate::id::{BookingId, KeyId, PersonId};
use crate::kinds::{BookingKind, BookingState, Channel, KeyStatus, Method, Role};
use crate::shelf::Kind;
use crate::turn::Turn;
use crate::vault::{Contact, Owner, Record};
use jiff::Timestamp;

/// A booking that was made, with what opens the box. Shown once.
#[derive(Clone, PartialEq, Eq)]
pub struct Booked {
    /// The booking.
    pub booking: BookingId,
    /// The code for the box; none for a reservation.
    pub code: Option<String>,
    /// The token of the link.
    pub link: Option<String>,
}

impl std::fmt::Debug for Booked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Booked({})", self.booking)
    }
}

impl Turn<'_> {
    fn times(&self, key: KeyId, from: Timestamp, until: Timestamp) -> Done<()> {
        let known = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?;
        if matches!(known.status, KeyStatus::Retired | KeyStatus::Lost) {
            return Err(Fault::Conflict("This key is no longer in use.".to_string()));
        }
        if from >= until || until <= self.now {
            return invalid("until", "a booking ends after it begins, and not in the past");
        }
        let live = |state: BookingState| {
            matches!(state, BookingState::Pending | BookingState::Approved | BookingState::Active)
        };
        let clash = self
            .org
            .bookings
            .values()
            .any(|other| other.key == key && live(other.state) && other.from < until && from < other.until);
        if clash { Err(Fault::Conflict("This key is booked for part of that time.".to_string())) } else { Ok(()) }
    }

    /// Books a key for a guest.
    pub fn book(
        &mut self,
        key: KeyId,
        guest: Contact,
        kind: BookingKind,
        from: Timestamp,
        until: Timestamp,
    ) -> Done<Booked> {
        let by = self.must_be(&[Role::Owner, Role::OrgAdmin, Role::CoAdmin, Role::LocationManager])?;
        self.times(key, from, until)?;
        if guest.name.trim().is_empty() || guest.name.chars().count() > 100 {
            return invalid("guest", "a guest has a name of at most 100 characters");
        }
        guest.mobile.as_deref().map_or(Ok(()), crate::setup::mobile)?;
        guest.email.as_deref().map_or(Ok(()), crate::setup::email)?;
        let code = self.fresh_code(Method::BookingCode)?;
        let link = self.token();
        let booking: BookingId = self.id();
        let who = Who::Guest(booking);
        self.record(Owner::Booking(booking), Some(Record::Guest(guest.clone())));
        self.emit(Event::BookingCreated { booking, key, person: None, kind, from, until, by, approved: true });
        let once = kind == BookingKind::OneTime;
        self.put_credential(who, Method::BookingCode, &code, Some(from), Some(until), once);
        self.put_credential(who, Method::UrlLink, &link, Some(from), Some(until), once);
        let channel = if guest.mobile.is_some() { Channel::Sms } else { Channel::Email };
        let at = |time: Timestamp| self.local(key, time);
        let text =
            format!("Your code for the key {} is {code}, from {} until {}.", self.key_name(key), at(from), at(until));
        self.send(who, channel, "booking_code", &text, Some(until));
        Ok(Booked { booking, code: Some(code), link: Some(link) })
    }

    /// A time as it is where a key belongs.
    fn local(&self, key: KeyId, time: Timestamp) -> String {
        let bin = self.org.keys.get(&key).and_then(|key| key.last_bin);
        let place = bin.and_then(|bin| self.org.bin_box(bin)).and_then(|id| self.org.location_of(id));
        let zone = place
            .and_then(|id| self.org.locations.get(&id))
            .map_or(self.org.tz.as_str(), |place| place.card.tz.as_str());
        let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
        time.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// Reserves a key for oneself; the policy says whether one may.
    pub fn reserve(&mut self, key: KeyId, from: Timestamp, until: Timestamp) -> Done<Booked> {
        let crate::event::Actor::Person(me) = self.actor else { return Err(Fault::Forbidden("Please sign in.")) };
        self.times(key, from, until)?;
        let who = Who::Person(me);
        let action = crate::kinds::Action::Reserve;
        let want = crate::facts::Want { who, method: Method::App, key, r#box: None, action };
        let facts = self.org.facts(&want, self.now, self.sms_works());
        let settings = self.org.settings_for(Some(me));
        let answer = self.ask(Kind::Access, "permission", &facts, &settings);
        if !answer.allows() {
            return Err(Fault::Forbidden("You may not reserve this key."));
        }
        let booking: BookingId = self.id();
        let made = Event::BookingCreated {
            booking,
            key,
            person: Some(me),
            kind: BookingKind::Ongoing,
            from,
            until,
            by: me,
            approved: true,
        };
        self.emit_decided(made, Turn::asked(&[&answer]));
        Ok(Booked { booking, code: None, link: None })
    }

    /// Takes a booking back; its code and link are dead.
    pub fn cancel_booking(&mut self, booking: BookingId) -> Done<()> {
        let known = self.org.bookings.get(&booking).ok_or(Fault::NotFound("booking"))?.clone();
        let mine = |id: Option<PersonId>| id.is_some_and(|id| self.actor == crate::event::Actor::Person(id));
        if !mine(known.person) && !mine(Some(known.by)) {
            self.must_administrate()?;
        }
        if matches!(known.state, BookingState::Pending | BookingState::Approved | BookingState::Active) {
            self.emit(Event::BookingCancelled { booking });
            self.kill_credentials(booking);
        }
        Ok(())
    }

    pub(crate) fn kill_credentials(&mut self, booking: BookingId) {
        let own = self.org.credentials.iter().filter(|(_, one)| one.who == Who::Guest(booking) && !one.revoked);
        let own: Vec<_> = own.map(|(id, _)| *id).collect();
        for credential in own {
            self.emit(Event::CredentialRevoked { credential, lost: false });
        }
    }
}

//! An organization to look at: a motor pool of the police, a residential building, a maintenance contractor (R74), with two weeks behind
//! them. In: an empty folder. Out: a host as it would be if people had lived with it; nothing is written past the door, so every rule
//! held. Refuses a folder that has an organization.

use crate::keys::hex;
use crate::secret::Stretcher;
use crate::writer::{Caller, Outcome, Writer};
use ed25519_dalek::SigningKey;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};
use keyward_host_core::event::{Actor, KeyCard, Object, Permission, Place, Profile, Reason, Subject};
use keyward_host_core::hours::{Holiday, Hours, Window};
use keyward_host_core::id::{BoxId, GroupId, KeyId, LocationId, PersonId, ProfileId};
use keyward_host_core::kinds::{Action, BookingKind, Method, Preset, Proof, ReturnRule, Role, Sensitivity};
use keyward_host_core::org::Where;
use keyward_host_core::vault::{Contact, Stretched};
use keyward_host_core::{Done, Duties, Fault, NewPerson, Next, Report, Shown, Swapped, Turn};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// The name of the organization in addresses.
pub const SLUG: &str = "demo";
const PASSWORD: &str = "harbour lamp 47 violet";
const PIN: &str = "8302";
const ZONE: &str = "Europe/Vienna";

/// The time of the demo, which is in the past while its history is made.
pub type Hand = Arc<Mutex<Timestamp>>;

struct Demo<'d> {
    writer: &'d Writer,
    hand: Hand,
    data: PathBuf,
    pin: Stretched,
    owner: PersonId,
    people: BTreeMap<&'static str, PersonId>,
    keys: BTreeMap<&'static str, KeyId>,
    boxes: BTreeMap<&'static str, BoxId>,
}

/// Makes the organization and its two weeks. Gives what a visitor has to know.
pub async fn make(
    writer: &Writer,
    stretcher: &Stretcher,
    hand: Hand,
    data: &Path,
    now: Timestamp,
) -> Result<String, String> {
    if !writer.create(SLUG).await.map_err(|error| error.to_string())? {
        return Err("this folder has a demo organization already".to_string());
    }
    let down = || "the password could not be stretched".to_string();
    let password = stretcher.fresh(PASSWORD).await.ok_or_else(down)?;
    let pin = stretcher.fresh(PIN).await.ok_or_else(down)?;
    let today = now.to_zoned(TimeZone::get(ZONE).map_err(|error| error.to_string())?);
    let first = today.checked_sub(14.days()).map_err(|error| error.to_string())?;
    let mut demo = Demo {
        writer,
        hand,
        data: data.to_path_buf(),
        pin,
        owner: PersonId(ulid::Ulid::nil()),
        people: BTreeMap::new(),
        keys: BTreeMap::new(),
        boxes: BTreeMap::new(),
    };
    // Numbers are verified long enough for everything (C9).
    demo.at(&first.checked_sub(5.days()).map_err(|error| error.to_string())?, 9, 0)?;
    demo.found(password).await?;
    demo.settle(password).await?;
    for day in 0..14 {
        let day_of = first.checked_add(day.days()).map_err(|error| error.to_string())?;
        demo.day(&day_of, day).await?;
    }
    demo.put(now);
    demo.act(|turn| {
        turn.tick();
        Ok(())
    })
    .await?;
    Ok(demo.told())
}

impl Demo<'_> {
    fn put(&self, now: Timestamp) {
        *self.hand.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    fn at(&self, day: &Zoned, hour: i8, minute: i8) -> Result<(), String> {
        let at = day.with().hour(hour).minute(minute).second(0).subsec_nanosecond(0).build();
        self.put(at.map_err(|error| error.to_string())?.timestamp());
        Ok(())
    }

    fn later(&self, seconds: i64) {
        let mut now = self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX);
    }

    /// One command, and everybody who is told of it hears it at once.
    async fn act<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Turn<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, String> {
        let (out, made) = std::sync::mpsc::channel();
        let outcome = self.writer.act(SLUG, Caller::System, None, None, move |turn| {
            let _ = out.send(act(turn)?);
            Ok((200, Value::Null))
        });
        match outcome.await {
            Outcome::Done(..) => {}
            Outcome::Fault(fault) => return Err(fault.to_string()),
            other => return Err(format!("{other:?}")),
        }
        let sent = self.writer.act(SLUG, Caller::System, None, None, |turn| {
            let all: Vec<_> = turn.org.notices.keys().copied().collect();
            for notice in all {
                turn.sent_out(notice);
            }
            Ok((200, Value::Null))
        });
        sent.await;
        made.recv().map_err(|error| error.to_string())
    }

    async fn by<T: Send + 'static>(
        &self,
        person: PersonId,
        act: impl FnOnce(&mut Turn<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, String> {
        self.act(move |turn| {
            turn.actor = Actor::Person(person);
            act(turn)
        })
        .await
    }

    async fn admin<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Turn<'_>) -> Done<T> + Send + 'static,
    ) -> Result<T, String> {
        self.by(self.owner, act).await
    }

    async fn found(&mut self, password: Stretched) -> Result<(), String> {
        let contact = contact("Dana Duke", Some("+43660100001"), Some("dana@demo.example"));
        let owner = NewPerson { contact, manager: None, password: Some(password) };
        self.owner = self.act(|turn| turn.found("Riverside", SLUG, ZONE, Preset::Seed, owner)).await?;
        self.people.insert("Dana Duke", self.owner);
        self.admin(|turn| turn.acknowledge(1)).await?;
        self.admin(|turn| turn.set_setting("org.swap_handshake", "yes", None)).await
    }

    async fn person(
        &mut self,
        name: &'static str,
        number: u32,
        manager: Option<&str>,
        password: Option<Stretched>,
    ) -> Result<PersonId, String> {
        let manager = manager.and_then(|name| self.people.get(name).copied());
        let email = password.map(|_| format!("{}@demo.example", name.split(' ').next().unwrap_or(name).to_lowercase()));
        let contact = contact(name, Some(&format!("+4366010{number:04}")), email.as_deref());
        let id = self.admin(move |turn| turn.create_person(NewPerson { contact, manager, password })).await?;
        self.admin(move |turn| turn.link_badge(id, &format!("badge-{number}"))).await?;
        self.people.insert(name, id);
        Ok(id)
    }

    async fn duties(&self, name: &str, profile: ProfileId, manager: &str) -> Result<(), String> {
        let (id, manager) = (self.people[name], self.people.get(manager).copied());
        let duties = Duties { profiles: BTreeSet::from([profile]), manager, ..Duties::default() };
        self.admin(move |turn| turn.change_person(id, duties)).await
    }

    async fn profile(&self, name: &str, night: bool, rule: ReturnRule) -> Result<ProfileId, String> {
        let card = Profile {
            name: name.to_string(),
            after_hours_eligible: night,
            factor_kinds: 2,
            reason_required: false,
            return_rule: rule,
            max_keys: Some(2),
        };
        self.admin(move |turn| turn.set_profile(None, card)).await
    }

    async fn place(&self, name: &str, designated: &str, weekly: Vec<Window>) -> Result<LocationId, String> {
        let designated = self.people.get(designated).copied();
        let placement = ["indoor", "camera"].map(str::to_string).into();
        let card = Place { name: name.to_string(), tz: ZONE.to_string(), designated, placement };
        let id = self.admin(move |turn| turn.set_location(None, card)).await?;
        let holidays =
            [(1, 1), (5, 1), (12, 25), (12, 26)].map(|(month, day)| Holiday { year: None, month, day }).to_vec();
        self.admin(move |turn| turn.set_hours(id, Hours { weekly, holidays })).await?;
        Ok(id)
    }

    async fn lock_box(&mut self, name: &'static str, location: LocationId, bins: usize) -> Result<BoxId, String> {
        let labels: Vec<String> = (1..=bins).map(|bin| bin.to_string()).collect();
        let (id, code) = self.admin(move |turn| turn.add_box(location, name, &labels)).await?;
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| format!("no random numbers: {error}"))?;
        let public = hex(SigningKey::from_bytes(&seed).verifying_key().as_bytes());
        let file = self.data.join(format!("{}.key", name.to_lowercase().replace(' ', "-")));
        crate::keys::write_private(&file, &hex(&seed)).map_err(|error| format!("{}: {error}", file.display()))?;
        self.act(move |turn| turn.enrol(id, &code, &public)).await?;
        self.boxes.insert(name, id);
        Ok(id)
    }

    async fn key(
        &mut self,
        name: &'static str,
        place: (&str, usize),
        sensitivity: Sensitivity,
        group: GroupId,
        address: &'static str,
    ) -> Result<(), String> {
        let card = KeyCard {
            name: name.to_string(),
            sensitivity,
            groups: BTreeSet::from([group]),
            approvers: 0,
            max_out_minutes: Some(12 * 60),
            fob: Some(format!("fob-{}", name.to_lowercase().replace(' ', "-"))),
        };
        let (id, _) = self.admin(move |turn| turn.create_key(card, address, "")).await?;
        let (r#box, bin) = (self.boxes[place.0], place.1);
        self.admin(move |turn| {
            let bin =
                turn.org.boxes.get(&r#box).and_then(|it| it.bins.get(bin)).copied().ok_or(Fault::NotFound("bin"))?;
            turn.correct(id, Where::Bin(bin), "first placed")
        })
        .await?;
        self.keys.insert(name, id);
        Ok(())
    }

    async fn grant(&self, subject: Subject, object: Object) -> Result<(), String> {
        let actions = BTreeSet::from([Action::Pickup, Action::Swap, Action::DropOff, Action::Reserve, Action::View]);
        let card = Permission {
            subject,
            object,
            actions,
            denies: false,
            windows: vec![],
            reservation_only: false,
            at: None,
            until: None,
        };
        self.admin(move |turn| turn.grant(card).map(|_| ())).await
    }

    async fn settle(&mut self, password: Stretched) -> Result<(), String> {
        let days = |days: &[u8], from: u16, until: u16| Window { days: days.to_vec(), from, until };
        let working = [0, 1, 2, 3, 4];
        for (name, number) in [("Eva Sergeant", 2), ("Nora Novak", 3), ("Max Meister", 4)] {
            let id = self.person(name, number, None, Some(password)).await?;
            self.admin(move |turn| turn.grant_role(id, Role::Manager)).await?;
        }
        let (patrol, resident, night, day) = (
            self.profile("Patrol officer", true, ReturnRule::WithinHalfADay).await?,
            self.profile("Resident", true, ReturnRule::WithinAnHour).await?,
            self.profile("Emergency technician", true, ReturnRule::WithinHalfADay).await?,
            self.profile("Office", false, ReturnRule::NoRule).await?,
        );
        let all = [
            ("Ada Able", 11, "Eva Sergeant", patrol),
            ("Ben Brisk", 12, "Eva Sergeant", patrol),
            ("Carl Cole", 13, "Eva Sergeant", patrol),
            ("Rosa Reyes", 21, "Nora Novak", resident),
            ("Sam Stone", 22, "Nora Novak", resident),
            ("Tom Tinker", 31, "Max Meister", night),
            ("Uma Urban", 32, "Max Meister", day),
        ];
        for (name, number, manager, profile) in all {
            let id = self.person(name, number, Some(manager), Some(password)).await?;
            self.duties(name, profile, manager).await?;
            let pin = self.pin;
            if profile != day {
                self.by(id, move |turn| turn.set_pin(PIN, pin)).await?;
            }
        }
        let pool = self.place("Motor pool", "Eva Sergeant", vec![days(&[0, 1, 2, 3, 4, 5, 6], 360, 1320)]).await?;
        let house = self.place("Riverside house", "Nora Novak", vec![days(&working, 540, 1020)]).await?;
        let depot =
            self.place("North depot", "Max Meister", vec![days(&working, 390, 1020), days(&[4], 1200, 120)]).await?;
        self.lock_box("Motor pool box", pool, 6).await?;
        self.lock_box("Lobby box", house, 4).await?;
        self.lock_box("Depot box", depot, 4).await?;
        let groups = ["Vehicles", "Flats", "Plant"];
        let mut made = Vec::new();
        for name in groups {
            made.push(self.admin(move |turn| turn.create_group(name)).await?);
        }
        for (name, bin) in [("Patrol car 12", 0), ("Patrol car 14", 1), ("Patrol car 17", 2), ("Van 3", 3)] {
            self.key(name, ("Motor pool box", bin), Sensitivity::Normal, made[0], "").await?;
        }
        self.key("Blue 7", ("Lobby box", 0), Sensitivity::Normal, made[1], "Harbour street 4, door 11").await?;
        self.key("Blue 9", ("Lobby box", 1), Sensitivity::Normal, made[1], "Harbour street 4, door 14").await?;
        self.key("Boiler", ("Depot box", 0), Sensitivity::Normal, made[2], "").await?;
        self.key("Roof", ("Depot box", 1), Sensitivity::Sensitive, made[2], "").await?;
        self.grant(Subject::Profile(patrol), Object::Group(made[0])).await?;
        self.grant(Subject::Profile(night), Object::Group(made[2])).await?;
        self.grant(Subject::Profile(day), Object::Key(self.keys["Boiler"])).await?;
        self.grant(Subject::Person(self.people["Rosa Reyes"]), Object::Key(self.keys["Blue 7"])).await?;
        self.grant(Subject::Person(self.people["Sam Stone"]), Object::Key(self.keys["Blue 9"])).await
    }

    /// Somebody with a badge takes a key, as far as the policies let them. Gives whether it left.
    async fn take(
        &self,
        number: u32,
        r#box: &str,
        key: &str,
        reason: (&'static str, &'static str),
    ) -> Result<bool, String> {
        let (r#box, key, pin) = (self.boxes[r#box], self.keys[key], self.pin);
        let opened = self.act(move |turn| {
            let (visit, _) = turn.identify(r#box, Method::Badge, &format!("badge-{number}"))?;
            let mut next = turn.choose(visit, key)?;
            for _ in 0..3 {
                next = match next {
                    Next::Reason(_) => turn.give_reason(visit, reason.0, reason.1)?,
                    Next::Prove(proofs, _) if proofs.contains(&Proof::Pin) => {
                        turn.show(visit, Some(Proof::Pin), Shown::Digits(PIN.to_string(), Some(pin)))?
                    }
                    other => other,
                };
            }
            Ok(match next {
                Next::Open { operation, .. } => Some(operation),
                _ => None,
            })
        });
        let Some(operation) = opened.await? else { return Ok(false) };
        self.later(4);
        self.act(move |turn| turn.begin(r#box, operation)).await?;
        self.later(9);
        self.act(move |turn| turn.report(r#box, operation, Report::Taken { verified: true })).await?;
        Ok(true)
    }

    async fn bring(&self, number: u32, r#box: &str, key: &str) -> Result<(), String> {
        let (r#box, key) = (self.boxes[r#box], self.keys[key]);
        let opened = self.act(move |turn| {
            turn.tick();
            let (visit, _) = turn.identify(r#box, Method::Badge, &format!("badge-{number}"))?;
            let fob = turn.org.keys.get(&key).and_then(|key| key.card.fob.clone()).unwrap_or_default();
            Ok(match turn.bring_back(r#box, &fob, Some(visit))? {
                Next::Open { operation, .. } => Some(operation),
                _ => None,
            })
        });
        let Some(operation) = opened.await? else { return Ok(()) };
        self.later(7);
        self.act(move |turn| turn.report(r#box, operation, Report::Placed)).await
    }

    async fn day(&self, day: &Zoned, number: i32) -> Result<(), String> {
        let weekend = day.weekday().to_monday_zero_offset() >= 5;
        let pool = "Motor pool box";
        self.at(day, 6, 35)?;
        self.take(11, pool, "Patrol car 12", ("duty", "")).await?;
        self.at(day, 6, 52)?;
        self.take(12, pool, "Patrol car 14", ("duty", "")).await?;
        if !weekend {
            self.at(day, 8, 10)?;
            self.take(32, "Depot box", "Boiler", ("duty", "")).await?;
            self.at(day, 16, 20)?;
            self.bring(32, "Depot box", "Boiler").await?;
        }
        self.at(day, 14, 41)?;
        self.bring(11, pool, "Patrol car 12").await?;
        match number {
            3 => {
                self.at(day, 11, 30)?;
                self.hand_on("Ben Brisk", "Carl Cole", "Patrol car 14").await?;
                self.at(day, 15, 5)?;
                self.bring(13, pool, "Patrol car 14").await?;
            }
            // Kept too long: told once, to Ben and to Eva.
            8 => {}
            _ => {
                self.at(day, 15, 5)?;
                self.bring(12, pool, "Patrol car 14").await?;
            }
        }
        self.at(day, 23, 18)?;
        match number % 5 {
            0 => drop(self.take(13, pool, "Patrol car 17", ("emergency", "call-out")).await?),
            1 => drop(self.take(21, "Lobby box", "Blue 7", ("other", "locked out")).await?),
            2 => drop(self.take(31, "Depot box", "Boiler", ("repair", "no heating")).await?),
            3 => drop(self.take(32, "Depot box", "Roof", ("other", "")).await?),
            _ => drop(self.take(22, "Lobby box", "Blue 7", ("other", "")).await?),
        }
        self.at(day, 23, 55)?;
        match number % 5 {
            0 => self.bring(13, pool, "Patrol car 17").await,
            1 => self.bring(21, "Lobby box", "Blue 7").await,
            2 => self.bring(31, "Depot box", "Boiler").await,
            _ => Ok(()),
        }?;
        if number == 6 {
            self.guest(day).await?;
        }
        if number == 9 {
            self.at(day, 5, 50)?;
            self.bring(12, pool, "Patrol car 14").await?;
        }
        Ok(())
    }

    /// A swap with a handshake. The code is in the message to the receiver.
    async fn hand_on(&self, from: &str, to: &str, key: &str) -> Result<(), String> {
        let (from, to, key) = (self.people[from], self.people[to], self.keys[key]);
        let reason = Reason { code: "duty".to_string(), text: String::new() };
        self.by(from, move |turn| {
            let Swapped::CodeSent(swap, _) = turn.request_swap(key, to, Some(&reason))? else { return Ok(()) };
            let text = turn.made.messages.last().map(|message| message.text.clone()).unwrap_or_default();
            let code = text
                .split(|one: char| !one.is_ascii_digit())
                .find(|word| word.len() == 6)
                .unwrap_or_default()
                .to_string();
            turn.confirm_swap(swap, &code).map(|_| ())
        })
        .await
    }

    async fn guest(&self, day: &Zoned) -> Result<(), String> {
        self.at(day, 10, 0)?;
        let (key, r#box) = (self.keys["Roof"], self.boxes["Depot box"]);
        let from = *self.hand.lock().unwrap_or_else(PoisonError::into_inner);
        let until = from.saturating_add(SignedDuration::from_hours(6)).unwrap_or(Timestamp::MAX);
        let guest = contact("Gil Gutter", Some("+43660109999"), None);
        let booked = self.admin(move |turn| turn.book(key, guest, BookingKind::OneTime, from, until)).await?;
        let code = booked.code.unwrap_or_default();
        self.later(1_800);
        let opened = self.act(move |turn| {
            let (visit, _) = turn.identify(r#box, Method::BookingCode, &code)?;
            Ok(match turn.choose(visit, key)? {
                Next::Open { operation, .. } => Some(operation),
                _ => None,
            })
        });
        let Some(operation) = opened.await? else { return Ok(()) };
        self.later(5);
        self.act(move |turn| turn.begin(r#box, operation)).await?;
        self.act(move |turn| turn.report(r#box, operation, Report::Taken { verified: true })).await?;
        self.later(7_200);
        self.bring(31, "Depot box", "Roof").await
    }

    fn told(&self) -> String {
        let boxes: Vec<String> = self
            .boxes
            .iter()
            .map(|(name, id)| format!("  {name:<16} {id}  key {}.key", name.to_lowercase().replace(' ', "-")))
            .collect();
        format!(
            "Organization `{SLUG}`: three places, three boxes, eight keys, eleven people, two weeks behind them.\n\
             Sign in as dana@demo.example (owner), eva@demo.example (manager), ada@demo.example (officer) …\n  password  {PASSWORD}\n  \
             the code  is in the outbox file, as every message\n\
             At a box: badge-11 is Ada's, badge-31 Tom's, badge-32 Uma's; the PIN of everybody who has one is {PIN}.\n{}\n",
            boxes.join("\n")
        )
    }
}

fn contact(name: &str, mobile: Option<&str>, email: Option<&str>) -> Contact {
    Contact { name: name.to_string(), mobile: mobile.map(str::to_string), email: email.map(str::to_string) }
}

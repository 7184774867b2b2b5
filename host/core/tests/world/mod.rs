//! A small organization to try things in: a place that is open on working days, a box with four bins, a few people. Every command goes
//! through `World::by`, which keeps the log and every message, so that a test can read them and fold the log again (A4).
#![allow(dead_code, reason = "each test file uses its own part of the world")]

use jiff::{SignedDuration, Timestamp};
use keyward_host_core::code::Pepper;
use keyward_host_core::desk::Desk;
use keyward_host_core::event::{Actor, Entry, Event, KeyCard, Object, Permission, Place, Profile, Subject, Who};
use keyward_host_core::hours::{Hours, Window};
use keyward_host_core::id::{BoxId, KeyId, LocationId, OperationId, PersonId, ProfileId, VisitId};
use keyward_host_core::kinds::{Action, Channel, Method, Preset, ReturnRule, Role, Sensitivity};
use keyward_host_core::org::{Org, Where};
use keyward_host_core::vault::{Contact, Stretched};
use keyward_host_core::{Duties, Fault, Message, NewPerson, Next, Report, Turn};
use std::collections::BTreeSet;

/// The world.
pub struct World {
    pub org: Org,
    pub desk: Desk,
    pub pepper: Pepper,
    pub now: Timestamp,
    pub log: Vec<Entry>,
    pub messages: Vec<Message>,
    pub owner: PersonId,
    pub boss: PersonId,
    pub ada: PersonId,
    pub ben: PersonId,
    pub place: LocationId,
    pub r#box: BoxId,
    pub car: KeyId,
    pub van: KeyId,
    seeds: u64,
}

/// A password or PIN as it comes out of stretching; the real function is the business of the host.
pub fn stretched(text: &str) -> Stretched {
    let mut key = [0; 32];
    for (at, byte) in text.bytes().enumerate() {
        key[at % 32] ^= byte.rotate_left((at % 7) as u32);
    }
    Stretched { salt: [9; 16], key }
}

fn person(name: &str, mobile: Option<&str>, email: Option<&str>) -> NewPerson {
    let contact =
        Contact { name: name.to_string(), mobile: mobile.map(str::to_string), email: email.map(str::to_string) };
    NewPerson { contact, manager: None, password: Some(stretched("correct horse 1")) }
}

impl World {
    /// A Monday at noon in Vienna, the place open from eight to six on working days.
    pub fn new(preset: Preset) -> World {
        let now: Timestamp = "2026-11-23T11:00:00Z".parse().expect("a time");
        let nobody = PersonId(Default::default());
        let mut world = World {
            org: Org::default(),
            desk: Desk::default(),
            pepper: Pepper::new([3; 32]),
            now,
            log: Vec::new(),
            messages: Vec::new(),
            owner: nobody,
            boss: nobody,
            ada: nobody,
            ben: nobody,
            place: LocationId(Default::default()),
            r#box: BoxId(Default::default()),
            car: KeyId(Default::default()),
            van: KeyId(Default::default()),
            seeds: 0,
        };
        let owner = person("Olga Owner", Some("+4366000001"), Some("olga@example.org"));
        world.owner = world.by(Actor::Installer, |turn| turn.found("Acme", "acme", "Europe/Vienna", preset, owner));
        world.boss =
            world.admin(|turn| turn.create_person(person("Bo Boss", Some("+4366000002"), Some("bo@example.org"))));
        world.ada =
            world.admin(|turn| turn.create_person(person("Ada Able", Some("+4366000003"), Some("ada@example.org"))));
        world.ben = world.admin(|turn| turn.create_person(person("Ben Brisk", Some("+4366000004"), None)));
        let (boss, ada, ben) = (world.boss, world.ada, world.ben);
        world.admin(|turn| turn.grant_role(boss, Role::Manager));
        let place = Place {
            name: "Depot".into(),
            tz: "Europe/Vienna".into(),
            designated: Some(boss),
            placement: BTreeSet::new(),
        };
        world.place = world.admin(|turn| turn.set_location(None, place));
        let hours =
            Hours { weekly: vec![Window { days: vec![0, 1, 2, 3, 4], from: 480, until: 1080 }], holidays: vec![] };
        let place = world.place;
        world.admin(|turn| turn.set_hours(place, hours));
        let labels: Vec<String> = (1..=4).map(|bin| bin.to_string()).collect();
        let (r#box, code) = world.admin(|turn| turn.add_box(place, "Gate box", &labels));
        world.r#box = r#box;
        world.by(Actor::Unknown, |turn| turn.enrol(r#box, &code, &"ab".repeat(32)));
        world.car = world.key("Patrol car 12", "fob-car", Sensitivity::Normal, 0);
        world.van = world.key("White van", "fob-van", Sensitivity::Normal, 1);
        for id in [ada, ben] {
            let duties = Duties { manager: Some(boss), ..Duties::default() };
            world.admin(|turn| turn.change_person(id, duties));
            world.grant(Subject::Person(id), Object::All);
        }
        // Numbers verified three days ago are as good as any.
        world.wait(60 * 24 * 4);
        world.now = "2026-11-30T11:00:00Z".parse().expect("a time");
        world
    }

    /// A key in a bin.
    pub fn key(&mut self, name: &str, fob: &str, sensitivity: Sensitivity, bin: usize) -> KeyId {
        let card = KeyCard {
            name: name.into(),
            sensitivity,
            groups: BTreeSet::new(),
            approvers: 0,
            max_out_minutes: Some(600),
            fob: Some(fob.into()),
        };
        let (key, _) = self.admin(|turn| turn.create_key(card, "", ""));
        let bin = self.org.boxes[&self.r#box].bins[bin];
        self.admin(|turn| turn.correct(key, Where::Bin(bin), "first placed"));
        key
    }

    /// A permission to do everything at any hour.
    pub fn grant(&mut self, subject: Subject, object: Object) {
        let actions = Action::ALL.iter().copied().collect();
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
        self.admin(|turn| turn.grant(card));
    }

    /// A profile that works at night.
    pub fn night_profile(&mut self, id: PersonId) -> ProfileId {
        let card = Profile {
            name: "Night maintenance".into(),
            after_hours_eligible: true,
            factor_kinds: 2,
            reason_required: false,
            return_rule: ReturnRule::WithinHalfADay,
            max_keys: None,
        };
        let profile = self.admin(|turn| turn.set_profile(None, card));
        let manager = self.org.people[&id].manager;
        let duties = Duties { profiles: BTreeSet::from([profile]), manager, ..Duties::default() };
        self.admin(|turn| turn.change_person(id, duties));
        profile
    }

    /// Something an administrator does.
    pub fn admin<T>(&mut self, act: impl FnOnce(&mut Turn<'_>) -> Result<T, Fault>) -> T {
        self.by(Actor::Person(self.owner), act)
    }

    /// Something somebody does, which works.
    pub fn by<T>(&mut self, actor: Actor, act: impl FnOnce(&mut Turn<'_>) -> Result<T, Fault>) -> T {
        self.tried(actor, act).expect("it works")
    }

    /// Something somebody tries.
    pub fn tried<T>(&mut self, actor: Actor, act: impl FnOnce(&mut Turn<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.seeds += 1;
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&self.seeds.to_be_bytes());
        let mut turn = Turn::new(&mut self.org, &mut self.desk, &self.pepper, self.now, actor, seed);
        let done = act(&mut turn);
        let made = std::mem::take(&mut turn.made);
        assert!(done.is_ok() || made.entries.is_empty(), "a fault comes before the first entry: {:?}", made.entries);
        self.log.extend(made.entries);
        self.messages.extend(made.messages);
        done
    }

    /// Time goes by, and the clock does its work.
    pub fn wait(&mut self, minutes: i64) {
        self.now = self.now.saturating_add(SignedDuration::from_mins(minutes)).expect("a time");
        self.by(Actor::System, |turn| {
            turn.tick();
            Ok(())
        });
    }

    /// A setting of the organization.
    pub fn set(&mut self, name: &str, value: &str) {
        self.admin(|turn| turn.set_setting(name, value, None));
    }

    /// Somebody at the box.
    pub fn identify(&mut self, method: Method, value: &str) -> (VisitId, Next) {
        let r#box = self.r#box;
        self.by(Actor::Unknown, |turn| turn.identify(r#box, method, value))
    }

    /// They choose a key.
    pub fn choose(&mut self, visit: VisitId, key: KeyId) -> Next {
        self.by(Actor::Unknown, |turn| turn.choose(visit, key))
    }

    /// They type digits.
    pub fn digits(&mut self, visit: VisitId, digits: &str) -> Next {
        let shown = keyward_host_core::Shown::Digits(digits.into(), Some(stretched(digits)));
        self.by(Actor::Unknown, |turn| turn.show(visit, None, shown))
    }

    /// The box opens the bin, and the key is taken.
    pub fn take(&mut self, operation: OperationId) {
        let r#box = self.r#box;
        let next = self.by(Actor::Box(r#box), |turn| turn.begin(r#box, operation));
        assert!(matches!(next, Next::Open { .. }), "{next:?}");
        self.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, Report::Taken { verified: true }));
    }

    /// A key comes back, whoever brings it.
    pub fn bring_back(&mut self, fob: &str, visit: Option<VisitId>) {
        let r#box = self.r#box;
        let next = self.by(Actor::Box(r#box), |turn| turn.bring_back(r#box, fob, visit));
        let Next::Open { operation, .. } = next else { panic!("{next:?}") };
        self.by(Actor::Box(r#box), |turn| turn.begin(r#box, operation));
        self.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, Report::Placed));
    }

    /// The opening that comes next.
    pub fn opening(next: &Next) -> OperationId {
        match next {
            Next::Open { operation, .. } => *operation,
            other => panic!("a bin should open: {other:?}"),
        }
    }

    /// The code in the last message to somebody.
    pub fn code(&self, to: &str) -> String {
        let code =
            |text: &str| text.split(|one: char| !one.is_ascii_digit()).find(|word| word.len() == 6).map(str::to_string);
        let own = self.messages.iter().rev().filter(|message| message.to == to);
        own.filter_map(|message| code(&message.text)).next().expect("a code")
    }

    /// How many messages went to somebody in a way.
    pub fn count(&self, to: &str, channel: Channel) -> usize {
        self.messages.iter().filter(|message| message.to == to && message.channel == channel).count()
    }

    /// The names of the events since a place in the log.
    pub fn events(&self, since: usize) -> Vec<String> {
        let name = |entry: &Entry| {
            serde_json::to_value(&entry.event).expect("json")["type"].as_str().expect("a name").to_string()
        };
        self.log[since..].iter().map(name).collect()
    }

    /// The last event of a kind.
    pub fn last<T>(&self, which: impl Fn(&Event) -> Option<T>) -> T {
        self.log.iter().rev().find_map(|entry| which(&entry.event)).expect("such an event")
    }

    /// Who has a key.
    pub fn holder(&self, key: KeyId) -> Option<Who> {
        match self.org.keys[&key].place {
            Where::Held(who) => Some(who),
            _ => None,
        }
    }

    /// The fold of the log, written down and read again, is the organization (A4).
    pub fn check(&self) {
        let mut again = Org::default();
        for (seq, entry) in self.log.iter().enumerate() {
            assert_eq!(entry.seq, seq as u64, "the log has no gap");
            let line = serde_json::to_string(entry).expect("json");
            let read: Entry = serde_json::from_str(&line).expect("an entry");
            assert_eq!(&read, entry, "an entry is what it says");
            again.apply(&read);
        }
        again.vault = self.org.vault.clone();
        assert_eq!(again, self.org, "the log alone gives the organization");
        assert_eq!(self.org.one_key_one_place(), Ok(()));
    }
}

//! Reports and what is out of the ordinary (R72, F21): each rule is shown something that stands out, and beside it something that does not.

mod world;

use jiff::SignedDuration;
use keyward_host_core::event::{Actor, Event};
use keyward_host_core::kinds::{Method, Preset};
use keyward_host_core::report::{History, Kind, Report, report};
use world::World;

fn made(world: &World, kind: Kind, days: i64) -> Report {
    let now = world.now.saturating_add(SignedDuration::from_secs(1)).expect("a time");
    let from = now.saturating_sub(SignedDuration::from_hours(24 * days)).expect("a time");
    report(kind, &History { org: &world.org, entries: &world.log, from, until: now, now })
}

fn rules(report: &Report) -> Vec<&str> {
    report.rows.iter().map(|row| row[1].as_str()).collect()
}

/// Somebody takes a key by badge, keeps it for a while and brings it back.
fn round(world: &mut World, badge: &str, fob: &str, minutes: i64) {
    let key = world.org.fobs[fob];
    let (visit, _) = world.identify(Method::Badge, badge);
    let next = world.choose(visit, key);
    world.take(World::opening(&next));
    world.wait(minutes);
    world.bring_back(fob, None);
}

fn badges() -> World {
    let mut world = World::new(Preset::Seed);
    let (ada, ben) = (world.ada, world.ben);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.admin(|turn| turn.link_badge(ben, "badge-b"));
    world
}

#[test]
fn r72_f21_the_core_reports_say_who_took_what_and_how_things_stand() {
    let mut world = badges();
    round(&mut world, "badge-a", "fob-car", 30);
    let (visit, _) = world.identify(Method::Badge, "badge-b");
    let van = world.van;
    let next = world.choose(visit, van);
    world.take(World::opening(&next));
    let all = made(&world, Kind::Transactions, 1);
    let told: Vec<(&str, &str)> = all.rows.iter().map(|row| (row[1].as_str(), row[2].as_str())).collect();
    assert_eq!(told, [("taken", "Patrol car 12"), ("brought back", "Patrol car 12"), ("taken", "White van")]);
    assert_eq!(all.rows[0][0], "2026-11-30 12:00:00 +01:00", "times are those of the organization, with their offset");
    assert!(all.rows.iter().all(|row| row.len() == all.columns.len()));
    let out = made(&world, Kind::Out, 1);
    assert_eq!((out.rows.len(), out.rows[0][1].as_str(), out.rows[0][4].as_str()), (1, "Ben Brisk", ""));
    assert!(made(&world, Kind::Overdue, 1).rows.is_empty());
    world.wait(60 * 13);
    assert_eq!(made(&world, Kind::Overdue, 1).rows[0][4], "3", "ten hours were allowed");
    // A badge is exempt in this preset: the report says so (R34).
    assert_eq!(made(&world, Kind::Weak, 1).rows.len(), 2);
    let unused = made(&world, Kind::Unused, 1);
    assert!(unused.rows.iter().any(|row| row[1] == "Olga Owner") && unused.rows.iter().all(|row| row[1] != "Ada Able"));
    assert_eq!(made(&world, Kind::Access, 1).rows.len(), 4, "two people, two keys");
    for kind in Kind::ALL {
        let report = made(&world, *kind, 1);
        assert!(report.rows.iter().all(|row| row.len() == report.columns.len()), "{}", report.name);
        assert_eq!(Kind::of(kind.word()), Some(*kind));
    }
}

#[test]
fn r72_each_rule_sees_what_stands_out_and_leaves_the_rest() {
    let mut world = badges();
    let quiet = made(&world, Kind::Unusual, 7);
    assert!(quiet.rows.is_empty() && quiet.note.starts_with("Too little history"), "{}", quiet.note);

    // Twenty ordinary days; then a key is out much longer than ever.
    for _ in 0..21 {
        round(&mut world, "badge-a", "fob-car", 20);
        world.wait(60 * 24 - 20);
        while !world.org.civil(Some(world.place), world.now).2.lt(&5) {
            world.wait(60 * 24);
        }
    }
    assert!(!rules(&made(&world, Kind::Unusual, 60)).contains(&"out_long"));
    round(&mut world, "badge-a", "fob-car", 200);
    let found = made(&world, Kind::Unusual, 1);
    assert_eq!(rules(&found), ["out_long"], "{:?}", found.rows);
    assert!(found.rows[0][4].contains("200 minutes") && found.rows[0][4].contains("within 20"), "{}", found.rows[0][4]);

    // Three wrong PINs would lock; three refusals and then a key stand out, two do not.
    let (car, ben) = (world.car, world.ben);
    for (refusals, expected) in [(2, 0), (3, 1)] {
        world.wait(60 * 24);
        world.admin(|turn| turn.key_status(car, keyward_host_core::kinds::KeyStatus::Maintenance));
        for _ in 0..refusals {
            let (visit, _) = world.identify(Method::Badge, "badge-b");
            world.choose(visit, car);
        }
        world.admin(|turn| turn.key_status(car, keyward_host_core::kinds::KeyStatus::Active));
        round(&mut world, "badge-b", "fob-car", 5);
        let found = made(&world, Kind::Unusual, 1);
        let count = rules(&found).iter().filter(|rule| **rule == "refused_first").count();
        assert_eq!(count, expected, "after {refusals} refusals: {:?}", found.rows);
    }
    assert_eq!(world.org.people[&ben].misses_in_a_row, 0);

    // Four keys within ten minutes.
    world.wait(60 * 24);
    for _ in 0..3 {
        round(&mut world, "badge-b", "fob-car", 1);
    }
    assert!(!rules(&made(&world, Kind::Unusual, 1)).contains(&"many_keys"));
    round(&mut world, "badge-b", "fob-car", 1);
    assert!(rules(&made(&world, Kind::Unusual, 1)).contains(&"many_keys"));
}

#[test]
fn r72_nights_and_busy_weeks_stand_out() {
    let mut world = badges();
    let ada = world.ada;
    world.night_profile(ada);
    world.admin(|turn| turn.set_setting("org.user_pickup_2fa", "off", None));
    // Nine weeks with one key each; then a week with eight.
    for _ in 0..9 {
        round(&mut world, "badge-a", "fob-car", 20);
        world.wait(60 * 24 * 7 - 20);
    }
    let calm = made(&world, Kind::Unusual, 7);
    assert!(!rules(&calm).contains(&"often") && !calm.note.contains("weeks"), "{:?} {}", calm.rows, calm.note);
    for _ in 0..8 {
        round(&mut world, "badge-a", "fob-car", 20);
    }
    let busy = made(&world, Kind::Unusual, 7);
    assert!(rules(&busy).contains(&"often"), "{:?}", busy.rows);

    // The first night of eight weeks stands out, the second does not.
    let night = |world: &World, nights: usize| {
        let mut entries = world.log.clone();
        let taken = entries.iter_mut().rev().filter_map(|entry| match &mut entry.event {
            Event::Taken { after_hours, .. } => Some(after_hours),
            _ => None,
        });
        taken.take(nights).for_each(|after_hours| *after_hours = true);
        let now = world.now.saturating_add(SignedDuration::from_secs(1)).expect("a time");
        let from = now.saturating_sub(SignedDuration::from_hours(24)).expect("a time");
        let found = report(Kind::Unusual, &History { org: &world.org, entries: &entries, from, until: now, now });
        rules(&found).iter().filter(|rule| **rule == "first_after_hours").count()
    };
    assert_eq!([0, 1, 2].map(|nights| night(&world, nights)), [0, 1, 1]);
}

#[test]
fn r72_t10_two_places_at_once_stand_out() {
    let mut world = badges();
    let place = world.org.locations[&world.place].card.clone();
    let (there, here) = (world.admin(|turn| turn.set_location(None, place)), world.place);
    let mut enrolled = |place| {
        let (id, code) = world.admin(|turn| turn.add_box(place, "Another box", &["1".to_string()]));
        world.by(Actor::Unknown, |turn| turn.enrol(id, &code, &"cd".repeat(32)));
        id
    };
    let (beside, away) = (enrolled(here), enrolled(there));
    for (r#box, minutes, expected) in [(beside, 1, 0), (away, 11, 0), (away, 1, 1)] {
        world.wait(60);
        world.identify(Method::Badge, "badge-a");
        world.wait(minutes);
        world.by(Actor::Unknown, |turn| turn.identify(r#box, Method::Badge, "badge-a"));
        let found = made(&world, Kind::Unusual, 1);
        assert_eq!(rules(&found).iter().filter(|rule| **rule == "two_places").count(), expected, "{:?}", found.rows);
    }
}

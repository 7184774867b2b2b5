//! Who is told what (R71, F20): each filter lets through what it should and nothing else; delays, repetitions, floods.

mod world;

use keyward_host_core::Fault;
use keyward_host_core::alert::AlertRule;
use keyward_host_core::event::Event;
use keyward_host_core::id::RuleId;
use keyward_host_core::kinds::{Channel, Method, Preset, Sensitivity};
use serde_json::{Value, json};
use world::World;

const ADA: &str = "+4366000003";
const BEN: &str = "+4366000004";

fn badges() -> World {
    let mut world = World::new(Preset::Seed);
    let (ada, ben) = (world.ada, world.ben);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.admin(|turn| turn.link_badge(ben, "badge-b"));
    world
}

fn card(rule: &Value) -> AlertRule {
    serde_json::from_value(rule.clone()).unwrap_or_else(|error| panic!("{error}: {rule}"))
}

fn rule(world: &mut World, rule: &Value) -> RuleId {
    let card = card(rule);
    world.admin(|turn| turn.set_rule(None, card))
}

fn take(world: &mut World, badge: &str, fob: &str) {
    let key = world.org.fobs[fob];
    let (visit, _) = world.identify(Method::Badge, badge);
    let next = world.choose(visit, key);
    world.take(World::opening(&next));
}

#[test]
fn r71_a_rule_fits_key_group_person_profile_place_time_and_sensitivity() {
    let mut world = badges();
    let group = world.admin(|turn| turn.create_group("Cars"));
    let mut car = world.org.keys[&world.car].card.clone();
    car.groups.insert(group);
    car.sensitivity = Sensitivity::Sensitive;
    let (id, van, ada, ben, place) = (world.car, world.van, world.ada, world.ben, world.place);
    world.admin(|turn| turn.change_key(id, car));
    let profile = world.night_profile(ada);
    let elsewhere = world.org.locations[&place].card.clone();
    let elsewhere = world.admin(|turn| turn.set_location(None, elsewhere));
    let noon = json!([{ "days": [0], "from": 660, "until": 780 }]);
    let night = json!([{ "days": [0], "from": 1200, "until": 120 }]);
    let filters = [
        (json!({}), true),
        (json!({ "keys": [id] }), true),
        (json!({ "keys": [van] }), false),
        (json!({ "groups": [group] }), true),
        (json!({ "sensitivity": ["sensitive"] }), true),
        (json!({ "sensitivity": ["critical"] }), false),
        (json!({ "people": [ada] }), true),
        (json!({ "people": [ben] }), false),
        (json!({ "profiles": [profile] }), true),
        (json!({ "locations": [place] }), true),
        (json!({ "locations": [elsewhere] }), false),
        (json!({ "windows": noon }), true),
        (json!({ "windows": night }), false),
        (json!({ "after_hours": false }), true),
        (json!({ "after_hours": true }), false),
        (json!({ "enabled": false }), false),
        (json!({ "on": ["custody.returned"] }), false),
    ];
    for (filter, fits) in filters {
        let mut all = json!({ "name": "Rule", "on": ["custody.taken"], "to": [{ "person": ben }] });
        for (name, value) in filter.as_object().expect("a filter") {
            all[name] = value.clone();
        }
        let made = rule(&mut world, &all);
        let before = world.count(BEN, Channel::Sms);
        take(&mut world, "badge-a", "fob-car");
        assert_eq!(world.count(BEN, Channel::Sms) - before, usize::from(fits), "{filter}");
        world.admin(|turn| turn.remove_rule(made));
        world.bring_back("fob-car", None);
    }
    world.check();
}

#[test]
fn r71_the_receivers_are_who_they_are_at_that_moment_and_the_words_are_those_of_the_rule() {
    let mut world = badges();
    let (boss, ben) = (world.boss, world.ben);
    let all = json!({
        "name": "Everybody", "on": ["custody.taken"], "text": "{who} has {key} since {at}",
        "to": ["themselves", "manager", "designated", "admins", { "person": ben }],
    });
    rule(&mut world, &all);
    let since = world.messages.len();
    take(&mut world, "badge-a", "fob-car");
    let told: Vec<(&str, &str)> =
        world.messages[since..].iter().map(|one| (one.to.as_str(), one.text.as_str())).collect();
    let text = "Ada Able has Patrol car 12 since 12:00";
    // Bo is the manager and the designated person; Olga administrates.
    let expected = [ADA, "+4366000002", "+4366000002", "+4366000001", BEN].map(|to| (to, text));
    assert_eq!(told, expected);
    let _ = boss;
    world.last(|event| match event {
        Event::AlertFired { told: 5, .. } => Some(()),
        _ => None,
    });
    world.check();
}

#[test]
fn r71_a_delay_waits_to_see_whether_it_is_still_so_and_a_repetition_ends_when_it_is_over() {
    let mut world = badges();
    let ben = world.ben;
    let all = json!({
        "name": "Out for an hour", "on": ["custody.taken"], "delay_minutes": 60, "repeat_minutes": 30, "to": [{ "person": ben }],
    });
    rule(&mut world, &all);
    take(&mut world, "badge-a", "fob-car");
    world.wait(30);
    world.bring_back("fob-car", None);
    // Somebody takes it again: that is another hour.
    take(&mut world, "badge-a", "fob-car");
    world.wait(45);
    world.bring_back("fob-car", None);
    world.wait(60);
    assert_eq!(world.count(BEN, Channel::Sms), 0, "it was back in time, twice");
    take(&mut world, "badge-a", "fob-car");
    for (minutes, told) in [(59, 0), (1, 1), (29, 1), (1, 2), (30, 3)] {
        world.wait(minutes);
        assert_eq!(world.count(BEN, Channel::Sms), told, "after {minutes} more minutes");
    }
    world.bring_back("fob-car", None);
    world.wait(300);
    assert_eq!(world.count(BEN, Channel::Sms), 3);
    assert!(world.org.planned.is_empty());
    world.check();
}

#[test]
fn c8_t19_a_flood_is_held_back_and_what_was_held_back_stands_in_the_log() {
    let mut world = badges();
    let ben = world.ben;
    rule(&mut world, &json!({ "name": "Each", "on": ["custody.taken"], "to": [{ "person": ben }] }));
    for _ in 0..24 {
        take(&mut world, "badge-a", "fob-car");
        world.bring_back("fob-car", None);
    }
    assert_eq!(world.count(BEN, Channel::Sms), 21, "twenty, and one that says that there are more");
    let dropped =
        world.log.iter().filter(|entry| matches!(&entry.event, Event::AlertDropped { why, .. } if why == "held_back"));
    assert_eq!(dropped.count(), 3);
    world.wait(11);
    take(&mut world, "badge-a", "fob-car");
    assert_eq!(world.count(BEN, Channel::Sms), 22);
    world.check();
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_with_the_way_out() {
    let mut world = badges();
    let ben = world.ben;
    let fine = json!({ "name": "Rule", "on": ["custody.taken"], "to": [{ "person": ben }] });
    let nobody = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let wrong = [
        (json!({ "on": [] }), "on"),
        (json!({ "on": ["moon.full"] }), "on"),
        (json!({ "to": [] }), "to"),
        (json!({ "to": [{ "person": nobody }] }), "person"),
        (json!({ "to": [{ "hook": nobody }] }), "webhook"),
        (json!({ "name": "" }), "name"),
        (json!({ "channels": [] }), "channels"),
        (json!({ "channels": ["webhook"] }), "channels"),
        (json!({ "delay_minutes": 10081 }), "delay_minutes"),
        (json!({ "windows": [{ "days": [7], "from": 0, "until": 1 }] }), "windows"),
        (json!({ "text": "{moon}" }), "text"),
    ];
    for (change, field) in wrong {
        let mut all = fine.clone();
        for (name, value) in change.as_object().expect("a change") {
            all[name] = value.clone();
        }
        let card = card(&all);
        let owner = keyward_host_core::event::Actor::Person(world.owner);
        match world.tried(owner, |turn| turn.set_rule(None, card)) {
            Err(Fault::Invalid(found, _) | Fault::NotFound(found)) => assert_eq!(found, field, "{all}"),
            other => panic!("{other:?} for {all}"),
        }
    }
    let card = card(&fine);
    let person = keyward_host_core::event::Actor::Person(ben);
    assert!(matches!(world.tried(person, |turn| turn.set_rule(None, card)), Err(Fault::Forbidden(_))));
}

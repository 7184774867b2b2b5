//! Procedures, consequences, reviews and counts (R59-R64, F27, V24): what is written is compared with what the rules do, by proof.

mod world;

use keyward_host_core::Fault;
use keyward_host_core::event::{Actor, Event, Object, Subject};
use keyward_host_core::kinds::{Channel, Method, Preset, Role};
use keyward_host_core::procedure::{Finding, Procedure, Violation};
use keyward_host_core::review::{Counted, Scope};
use serde_json::{Value, json};
use world::World;

fn written(text: &Value) -> Procedure {
    serde_json::from_value(text.clone()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn findings(world: &World) -> Vec<Finding> {
    world.org.check_procedures().prove()
}

fn codes(world: &World) -> Vec<&'static str> {
    findings(world).iter().map(|found| found.code).collect()
}

/// A procedure that says what the rules of the seed preset do.
fn complete(world: &World, profile: &str) -> Value {
    json!({
        "title": "Nights", "owner": world.boss,
        "situations": [{ "reason": "repair", "text": "Something broke" }, { "reason": "emergency", "text": "Danger" }, { "reason": "duty", "text": "Planned duty" }],
        "authorised": [{ "profile": profile }],
        "steps": ["reason", "second_factor", "notify_supervisor"],
        "consequences": [{ "after": "overdue", "times": 1, "action": "warn", "automatic": true }],
    })
}

#[test]
fn r60_r63_v24_rules_and_procedure_are_compared_and_every_difference_is_found() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let profile = world.night_profile(ada).to_string();
    assert!(codes(&world).contains(&"no_procedure"));
    let text = complete(&world, &profile);
    let card = written(&text);
    let (id, version) = world.admin(|turn| turn.publish_procedure(None, card));
    assert_eq!((version, codes(&world)), (1, vec![]), "{:?}", findings(&world));

    // V24: somebody gets in by name whom no procedure lists.
    let ben = world.ben;
    let duties = keyward_host_core::Duties { after_hours: true, ..Default::default() };
    world.admin(|turn| turn.change_person(ben, duties.clone()));
    let found = findings(&world);
    assert_eq!(found[0].code, "allowed_not_listed");
    assert_eq!(found[0].subject, Some(Subject::Person(ben)));
    world.admin(|turn| turn.change_person(ben, keyward_host_core::Duties { barred: true, ..duties }));
    assert_eq!(codes(&world), Vec::<&str>::new(), "who is barred is not let in");

    let cases = [
        (
            json!({ "situations": [] }),
            vec!["section_empty", "reason_not_listed", "reason_not_listed", "reason_not_listed"],
        ),
        (json!({ "authorised": [{ "profile": profile }, { "person": world.boss }] }), vec!["listed_not_allowed"]),
        (json!({ "authorised": [] }), vec!["section_empty", "allowed_not_listed"]),
        (json!({ "steps": [] }), vec!["section_empty"]),
        (json!({ "consequences": [] }), vec!["section_empty"]),
        (json!({ "steps": ["second_person"] }), vec!["step_not_enforced"]),
        (json!({ "steps": ["acknowledge_supervisor"] }), vec!["step_not_enforced"]),
    ];
    for (change, expected) in cases {
        let mut text = text.clone();
        for (name, value) in change.as_object().expect("a change") {
            text[name] = value.clone();
        }
        let card = written(&text);
        world.admin(|turn| turn.publish_procedure(Some(id), card));
        assert_eq!(codes(&world), expected, "{change}");
    }
    // The setting makes the step true: the same proof holds now.
    world.set("org.supervisor_step", "acknowledge");
    assert!(codes(&world).is_empty(), "{:?}", findings(&world));
    // Every step that is not enforced comes with a request for which it is not.
    world.set("org.supervisor_step", "notify");
    assert!(findings(&world)[0].example.is_some());
    world.check();
}

#[test]
fn r64_a_procedure_falls_due_once_and_a_look_at_it_sets_the_date() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let profile = world.night_profile(ada).to_string();
    let mut text = complete(&world, &profile);
    text["review_due"] = json!("2026-12-05T00:00:00Z");
    let card = written(&text);
    let (id, _) = world.admin(|turn| turn.publish_procedure(None, card));
    world.wait(60 * 24 * 6);
    world.wait(60 * 24);
    let due = world.log.iter().filter(|entry| matches!(entry.event, Event::ProcedureReviewDue { .. })).count();
    assert_eq!((due, world.count("+4366000002", Channel::Sms)), (1, 1), "the owner of the procedure hears of it, once");
    let boss = Actor::Person(world.boss);
    world.by(boss, |turn| turn.review_procedure(id, "still right", 12));
    let other = Actor::Person(world.ada);
    assert!(matches!(world.tried(other, |turn| turn.review_procedure(id, "x", 12)), Err(Fault::Forbidden(_))));
    world.wait(60 * 24 * 300);
    assert_eq!(world.count("+4366000002", Channel::Sms), 1);
    world.wait(60 * 24 * 70);
    assert_eq!(world.count("+4366000002", Channel::Sms), 2);
    world.check();
}

#[test]
fn r62_the_ladder_is_climbed_each_step_stands_in_the_log_and_a_key_always_comes_back() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    let profile = world.night_profile(world.boss).to_string();
    let mut text = complete(&world, &profile);
    text["consequences"] = json!([
        { "after": "overdue", "times": 1, "action": "warn" },
        { "after": "overdue", "times": 2, "action": "suspend", "days": 3, "automatic": true },
        { "after": "overdue", "times": 3, "action": "suspend", "days": 9 },
    ]);
    let card = written(&text);
    world.admin(|turn| turn.publish_procedure(None, card));
    let car = world.car;
    let late = |world: &mut World| {
        let (visit, _) = world.identify(Method::Badge, "badge-a");
        let next = world.choose(visit, car);
        world.take(World::opening(&next));
        world.wait(60 * 11);
    };
    let applied = |world: &World| {
        let all = world.log.iter().filter(|entry| matches!(entry.event, Event::ConsequenceApplied { .. }));
        all.count()
    };
    let back = |world: &mut World, minutes: i64| {
        world.bring_back("fob-car", None);
        world.wait(minutes);
    };
    late(&mut world);
    assert_eq!(applied(&world), 1);
    back(&mut world, 60 * 13);
    late(&mut world);
    assert_eq!(applied(&world), 2);
    assert!(world.org.people[&ada].paused.is_some());
    back(&mut world, 60 * 13);
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let refused = format!("{:?}", world.choose(visit, car));
    assert!(refused.contains("access.suspended"), "{refused}");
    assert_eq!(
        world.tried(Actor::Person(ada), |turn| turn.unpause(ada)).err().map(|fault| fault.to_string()),
        Some("Your role does not allow this.".into())
    );
    world.admin(|turn| turn.unpause(ada));
    late(&mut world);
    assert_eq!(applied(&world), 2, "the third is not automatic: administrators are told that it is due");
    assert!(world.messages.iter().any(|message| message.text.contains("9 days without keys are due")));
    world.bring_back("fob-car", None);
    world.admin(|turn| turn.pause(ada, Violation::Overdue, 9));
    assert_eq!(applied(&world), 3);
    world.check();
}

#[test]
fn r59_f27_a_review_takes_rights_away_and_nobody_decides_about_their_own() {
    let mut world = World::new(Preset::Seed);
    let (boss, ada, ben, owner) = (world.boss, world.ada, world.ben, world.owner);
    world.grant(Subject::Person(boss), Object::All);
    let due = "2026-12-24T00:00:00Z".parse().expect("a time");
    let plain = world.tried(Actor::Person(owner), |turn| turn.start_review(ada, due, &Scope::default()));
    assert!(matches!(plain, Err(Fault::Invalid("reviewer", _))));
    let (review, count) = world.admin(|turn| turn.start_review(boss, due, &Scope::default()));
    assert_eq!(count, 3);
    let of = |world: &World, id| {
        let own = world.org.permissions.iter().find(|(_, card)| card.subject == Subject::Person(id));
        *own.expect("a permission").0
    };
    let (mine, adas, bens) = (of(&world, boss), of(&world, ada), of(&world, ben));
    let me = Actor::Person(boss);
    assert!(matches!(world.tried(me, |turn| turn.decide_line(review, mine, true, "")), Err(Fault::Forbidden(_))));
    assert!(matches!(
        world.tried(me, |turn| turn.decide_line(review, adas, false, "")),
        Err(Fault::Invalid("note", _))
    ));
    world.by(me, |turn| turn.decide_line(review, adas, false, "left the team"));
    assert!(!world.org.permissions.contains_key(&adas), "taken away at once");
    assert!(matches!(world.tried(me, |turn| turn.decide_line(review, adas, true, "")), Err(Fault::Conflict(_))));
    assert!(matches!(world.tried(me, |turn| turn.close_review(review)), Err(Fault::Conflict(_))));
    world.by(me, |turn| turn.decide_line(review, bens, true, ""));
    world.wait(60 * 24 * 30);
    world.wait(60);
    let late = world.log.iter().filter(|entry| matches!(entry.event, Event::ReviewOverdue { .. })).count();
    assert_eq!(late, 1);
    world.admin(|turn| turn.decide_line(review, mine, true, "needed"));
    assert_eq!(world.by(me, |turn| turn.close_review(review)), (2, 1));
    world.check();
}

#[test]
fn f27_a_count_by_somebody_without_rights_finds_what_differs() {
    let mut world = World::new(Preset::Seed);
    let (boss, ada, r#box) = (world.boss, world.ada, world.r#box);
    let bins = world.org.boxes[&r#box].bins.clone();
    let as_recorded: Vec<Counted> =
        bins.iter().map(|bin| Counted { bin: *bin, key: world.org.bins[bin].key }).collect();
    assert_eq!(world.by(Actor::Person(boss), |turn| turn.count_box(r#box, &as_recorded)), (4, 0));
    let mut other = as_recorded.clone();
    other[0].key = None;
    assert_eq!(world.by(Actor::Person(boss), |turn| turn.count_box(r#box, &other)), (3, 1));
    assert!(world.events(0).contains(&"inventory.discrepancy".to_string()));
    for (who, found) in [(world.owner, &as_recorded), (ada, &as_recorded)] {
        let refused = world.tried(Actor::Person(who), |turn| turn.count_box(r#box, found));
        assert!(matches!(refused, Err(Fault::Forbidden(_))), "{refused:?}");
    }
    let short = &as_recorded[1..];
    assert!(matches!(
        world.tried(Actor::Person(boss), |turn| turn.count_box(r#box, short)),
        Err(Fault::Invalid("bins", _))
    ));
    world.admin(|turn| turn.grant_role(ada, Role::Auditor));
    let refused = world.tried(Actor::Person(ada), |turn| turn.count_box(r#box, &as_recorded));
    assert!(matches!(refused, Err(Fault::Forbidden(_))), "Ada may take keys there");
    world.check();
}

//! Who may take what, and when: permissions, profiles, limits, hours, as an administrator changes them; the very next decision obeys.

mod world;

use keyward_host_core::event::{Actor, Object, Permission, Place, Subject};
use keyward_host_core::hours::{Holiday, Hours, Window};
use keyward_host_core::id::{BoxId, PersonId};
use keyward_host_core::kinds::{Action, Method, Preset};
use keyward_host_core::org::Where;
use keyward_host_core::{Duties, Next};
use std::collections::BTreeSet;
use world::World;

fn card(subject: Subject, object: Object) -> Permission {
    let actions = BTreeSet::from([Action::Pickup]);
    Permission {
        subject,
        object,
        actions,
        denies: false,
        windows: vec![],
        reservation_only: false,
        at: None,
        until: None,
    }
}

/// A world in which nobody has a permission; Ada and Ben have badges.
fn bare() -> World {
    let mut world = World::new(Preset::Seed);
    let all: Vec<_> = world.org.permissions.keys().copied().collect();
    for permission in all {
        world.admin(|turn| turn.revoke(permission));
    }
    let (ada, ben) = (world.ada, world.ben);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.admin(|turn| turn.link_badge(ben, "badge-b"));
    world
}

/// What a box says to a badge that asks for the car: nothing if it opens, else why not.
fn asked(world: &mut World, r#box: BoxId, badge: &str) -> Vec<String> {
    let car = world.car;
    let (visit, _) = world.by(Actor::Unknown, |turn| turn.identify(r#box, Method::Badge, badge));
    let next = world.by(Actor::Unknown, |turn| turn.choose(visit, car));
    match next {
        Next::Refused(refusals, _) => refusals,
        Next::Open { operation, .. } => {
            world.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, keyward_host_core::Report::NotTaken));
            Vec::new()
        }
        other => vec![format!("{other:?}")],
    }
}

fn profile(world: &mut World, id: PersonId, name: &str, max_keys: Option<u32>) -> keyward_host_core::id::ProfileId {
    let text = serde_json::json!({ "name": name, "max_keys": max_keys }).to_string();
    let card = serde_json::from_str(&text).expect("a profile");
    let profile = world.admin(|turn| turn.set_profile(None, card));
    let duties = Duties { profiles: BTreeSet::from([profile]), ..Duties::default() };
    world.admin(|turn| turn.change_person(id, duties));
    profile
}

#[test]
fn r57_r52_r53_nobody_without_a_permission_and_a_denial_by_name_beats_a_profile() {
    let mut world = bare();
    let (ada, car, r#box) = (world.ada, world.car, world.r#box);
    assert_eq!(asked(&mut world, r#box, "badge-a"), ["access.no_permission"]);
    let patrol = profile(&mut world, ada, "Patrol", None);
    world.admin(|turn| turn.grant(card(Subject::Profile(patrol), Object::Key(car))));
    assert_eq!(asked(&mut world, r#box, "badge-a"), Vec::<String>::new());
    assert_eq!(asked(&mut world, r#box, "badge-b"), ["access.no_permission"]);
    let denial = Permission { denies: true, ..card(Subject::Person(ada), Object::All) };
    let denial = world.admin(|turn| turn.grant(denial));
    assert_eq!(asked(&mut world, r#box, "badge-a"), ["access.person_denied"]);
    world.admin(|turn| turn.revoke(denial));
    let denial = Permission { denies: true, ..card(Subject::Profile(patrol), Object::All) };
    world.admin(|turn| turn.grant(denial));
    assert_eq!(
        asked(&mut world, r#box, "badge-a"),
        ["access.no_permission"],
        "a profile's denial takes away what the profile gave"
    );
    world.check();
}

#[test]
fn r54_r55_w11_a_permission_has_hours_a_box_and_an_end() {
    let mut world = bare();
    let (ada, r#box) = (world.ada, world.r#box);
    // It is Monday, noon in Vienna.
    let window = |from, until| vec![Window { days: vec![0], from, until }];
    let id = world
        .admin(|turn| turn.grant(Permission { windows: window(720, 721), ..card(Subject::Person(ada), Object::All) }));
    assert_eq!(asked(&mut world, r#box, "badge-a"), Vec::<String>::new());
    world.wait(1);
    assert_eq!(asked(&mut world, r#box, "badge-a"), ["access.out_of_hours"]);
    world.admin(|turn| turn.revoke(id));
    let until = Some(world.now.saturating_add(jiff::SignedDuration::from_mins(5)).expect("a time"));
    world.admin(|turn| turn.grant(Permission { until, at: Some(r#box), ..card(Subject::Person(ada), Object::All) }));
    assert_eq!(asked(&mut world, r#box, "badge-a"), Vec::<String>::new());
    world.wait(5);
    assert_eq!(asked(&mut world, r#box, "badge-a"), ["access.no_permission"]);
    world.check();
}

#[test]
fn w12_a_profile_limits_how_many_keys_are_out() {
    let mut world = bare();
    let (ada, van, r#box) = (world.ada, world.van, world.r#box);
    profile(&mut world, ada, "One key", Some(1));
    world.admin(|turn| turn.grant(card(Subject::Person(ada), Object::All)));
    assert_eq!(asked(&mut world, r#box, "badge-a"), Vec::<String>::new());
    world
        .admin(|turn| turn.correct(van, Where::Held(keyward_host_core::event::Who::Person(ada)), "handed out by hand"));
    assert_eq!(asked(&mut world, r#box, "badge-a"), ["access.limit_reached"]);
    world.bring_back("fob-van", None);
    assert_eq!(asked(&mut world, r#box, "badge-a"), Vec::<String>::new());
    world.check();
}

/// Section 0: a second site in another zone, and a holiday; the very next decision obeys.
#[test]
fn r51_hours_and_holidays_of_two_places_in_two_zones() {
    let mut world = bare();
    let ada = world.ada;
    world.admin(|turn| turn.grant(card(Subject::Person(ada), Object::All)));
    let place =
        Place { name: "Auckland".into(), tz: "Pacific/Auckland".into(), designated: None, placement: BTreeSet::new() };
    let auckland = world.admin(|turn| turn.set_location(None, place));
    let working =
        Hours { weekly: vec![Window { days: vec![0, 1, 2, 3, 4], from: 480, until: 1080 }], holidays: vec![] };
    let before = world.admin(|turn| turn.set_hours(auckland, working.clone()));
    let (there, code) = world.admin(|turn| turn.add_box(auckland, "South box", &["1".to_string()]));
    world.by(Actor::Unknown, |turn| turn.enrol(there, &code, &"cd".repeat(32)));
    let here = world.r#box;
    // Monday, noon in Vienna is Tuesday, midnight in Auckland.
    assert_eq!(asked(&mut world, here, "badge-a"), Vec::<String>::new());
    let car = world.car;
    let bin = world.org.boxes[&there].bins[0];
    world.admin(|turn| turn.correct(car, Where::Bin(bin), "carried over"));
    assert!(asked(&mut world, there, "badge-a").contains(&"after_hours.unauthorised".to_string()));
    world.now = "2026-11-30T21:00:00Z".parse().expect("Tuesday, ten in the morning in Auckland");
    assert_eq!(asked(&mut world, there, "badge-a"), Vec::<String>::new());
    let holidays = vec![Holiday { year: Some(2026), month: 12, day: 1 }];
    let after = world.admin(|turn| turn.set_hours(auckland, Hours { holidays, ..working }));
    assert_ne!(before, after, "the policy of the place is another one");
    assert!(
        asked(&mut world, there, "badge-a").contains(&"after_hours.unauthorised".to_string()),
        "closed for the holiday"
    );
    assert!(
        world.log.iter().any(|entry| entry.decisions.iter().any(|asked| asked.digest == after)),
        "the record says which policy"
    );
    world.check();
}

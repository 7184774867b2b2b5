//! Pickups at a box as the acceptance vectors describe them.

mod world;

use keyward_host_core::event::{Actor, Event, Who};
use keyward_host_core::kinds::{Channel, Method, Preset, Proof};
use keyward_host_core::{Fault, Next, Report, Shown};
use world::{World, stretched};

const ADA: &str = "+4366000003";
const BOSS: &str = "+4366000002";

fn refused(next: &Next) -> &[String] {
    match next {
        Next::Refused(refusals, _) => refusals,
        other => panic!("a refusal was expected: {other:?}"),
    }
}

#[test]
fn v01_r04_a_code_to_the_user_and_the_bin_stays_shut_until_it_is_typed() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let (_, code) = world.admin(|turn| turn.issue_code(ada));
    let (visit, next) = world.identify(Method::AccessCode, &code);
    let Next::Keys(offers) = next else { panic!("{next:?}") };
    assert_eq!(offers.iter().map(|offer| offer.name.as_str()).collect::<Vec<_>>(), ["Patrol car 12", "White van"]);
    let next = world.choose(visit, world.car);
    let Next::Prove(proofs, Some(sent)) = next else { panic!("{next:?}") };
    assert_eq!((proofs, sent.channel, sent.to.as_str()), (vec![Proof::Code], Channel::Sms, "…03"));
    assert!(world.org.operations.is_empty(), "nothing opens before the code");
    let typed = world.code(ADA);
    let operation = World::opening(&world.digits(visit, &typed));
    assert_eq!(world.holder(world.car), None, "custody moves when the key leaves");
    world.take(operation);
    assert_eq!(world.holder(world.car), Some(Who::Person(ada)));
    world.check();
}

#[test]
fn v02_qr_and_phone_number_as_v01() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let (_, token) = world.admin(|turn| turn.issue_qr(ada, false));
    let (visit, _) = world.identify(Method::QrCode, &token);
    assert!(matches!(world.choose(visit, world.car), Next::Prove(_, Some(_))));
    // A number: the code goes out before anything is shown, and the screen says nothing of whose it is.
    let (visit, next) = world.identify(Method::PhoneNumber, ADA);
    assert_eq!(next, Next::Secret);
    let typed = world.code(ADA);
    assert!(matches!(world.digits(visit, &typed), Next::Keys(_)));
    let operation = World::opening(&world.choose(visit, world.car));
    world.take(operation);
    world.check();
}

#[test]
fn v03_exempt_methods_open_without_a_second_factor_and_the_record_says_so() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.admin(|turn| turn.link_badge(ada, "badge-1"));
    let (visit, _) = world.identify(Method::Badge, "badge-1");
    let operation = World::opening(&world.choose(visit, world.car));
    let exempt = world.last(|event| match event {
        Event::PickupAllowed { exempt, .. } => Some(*exempt),
        _ => None,
    });
    assert!(exempt);
    assert!(world.messages.iter().all(|message| message.to != ADA));
    world.take(operation);
    world.check();
}

#[test]
fn v04_v05_pin_mode_asks_for_the_pin_or_where_there_is_none_for_a_code() {
    let mut world = World::new(Preset::Seed);
    world.set("org.user_pickup_2fa", "pin");
    let (ada, ben) = (world.ada, world.ben);
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    let (_, code) = world.admin(|turn| turn.issue_code(ada));
    let (visit, _) = world.identify(Method::AccessCode, &code);
    assert_eq!(world.choose(visit, world.car), Next::Prove(vec![Proof::Pin], None));
    assert_eq!(refused(&world.digits(visit, "1111")), ["factor.wrong"]);
    let operation = World::opening(&world.digits(visit, "8302"));
    assert_eq!(world.count(ADA, Channel::Sms), 0, "a PIN needs no message");
    world.take(operation);
    let (_, code) = world.admin(|turn| turn.issue_code(ben));
    let (visit, _) = world.identify(Method::AccessCode, &code);
    assert!(matches!(world.choose(visit, world.van), Next::Prove(proofs, Some(_)) if proofs == [Proof::Code]));
    world.check();
}

#[test]
fn v06_r34_mode_off_opens_and_is_flagged() {
    let mut world = World::new(Preset::Seed);
    world.set("org.user_pickup_2fa", "off");
    let ada = world.ada;
    let (_, code) = world.admin(|turn| turn.issue_code(ada));
    let (visit, _) = world.identify(Method::AccessCode, &code);
    World::opening(&world.choose(visit, world.car));
    let flags = world.last(|event| match event {
        Event::PickupAllowed { flags, .. } => Some(flags.clone()),
        _ => None,
    });
    assert!(flags.iter().any(|flag| flag == "single_factor"), "{flags:?}");
}

#[test]
fn v07_v08_my_rule_sends_the_code_to_the_holder_and_a_pin_does_not_do() {
    let mut world = World::new(Preset::Seed);
    world.set("org.user_pickup_2fa", "pin");
    let ada = world.ada;
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    world.by(Actor::Person(ada), |turn| turn.set_setting("person.my_pickup_2fa", "yes", Some(ada)));
    let (visit, next) = world.identify(Method::PhoneNumber, ADA);
    assert_eq!(next, Next::Secret);
    assert_eq!(world.count(ADA, Channel::Sms), 1);
    assert_eq!(world.digits(visit, "8302"), Next::not_accepted(), "a PIN never satisfies my rule");
    let typed = world.code(ADA);
    assert!(matches!(world.digits(visit, &typed), Next::Keys(_)));
}

#[test]
fn v10_x19_bringing_back_asks_nothing_of_anybody() {
    for preset in [Preset::Seed, Preset::Strict] {
        let mut world = World::new(preset);
        let (car, bin) = (world.car, world.org.boxes[&world.r#box].bins[0]);
        let ada = world.ada;
        world.admin(|turn| {
            turn.correct(car, keyward_host_core::org::Where::Held(Who::Person(ada)), "handed out by hand")
        });
        world.admin(|turn| turn.suspend(ada));
        world.now = "2026-12-06T02:00:00Z".parse().expect("a time");
        let since = world.log.len();
        world.bring_back("fob-car", None);
        assert_eq!(world.org.bins[&bin].key, Some(car));
        assert!(world.events(since).contains(&"custody.unknown_returner".to_string()));
        world.check();
    }
}

#[test]
fn w1_w3_c10_wrong_codes_are_counted_and_the_box_cools_down() {
    let mut world = World::new(Preset::Seed);
    let r#box = world.r#box;
    for _ in 0..3 {
        assert_eq!(world.identify(Method::AccessCode, "00000000").1, Next::not_accepted());
    }
    let again = world.tried(Actor::Unknown, |turn| turn.identify(r#box, Method::AccessCode, "00000000"));
    assert!(matches!(again, Err(Fault::Locked(_))), "{again:?}");
    world.wait(1);
    for _ in 0..3 {
        world.identify(Method::AccessCode, "00000000");
    }
    world.wait(1);
    let again = world.tried(Actor::Unknown, |turn| turn.identify(r#box, Method::AccessCode, "00000000"));
    assert!(matches!(again, Err(Fault::Locked(_))), "six in a row: five minutes");
    world.wait(4);
    assert_eq!(world.identify(Method::AccessCode, "00000000").1, Next::not_accepted());
    // A key still comes back while the box cools down.
    world.identify(Method::AccessCode, "00000000");
    world.bring_back("fob-car", None);
    world.check();
}

#[test]
fn c2_a_code_dies_after_five_tries_and_a_resend_does_not_wipe_them_out() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let (_, code) = world.admin(|turn| turn.issue_code(ada));
    let (visit, _) = world.identify(Method::AccessCode, &code);
    world.choose(visit, world.car);
    let first = world.code(ADA);
    let wrong = |right: &str| if right == "000000" { "000001" } else { "000000" };
    for _ in 0..2 {
        assert_eq!(refused(&world.digits(visit, wrong(&first))), ["factor.wrong"]);
    }
    world.wait(1);
    world.by(Actor::Unknown, |turn| turn.resend(visit));
    let second = world.code(ADA);
    if first != second {
        assert_eq!(refused(&world.digits(visit, &first)), ["factor.wrong"], "the older code is dead");
    } else {
        world.digits(visit, wrong(&second));
    }
    world.wait(1);
    assert_eq!(refused(&world.digits(visit, wrong(&second))), ["factor.wrong"]);
    assert_eq!(refused(&world.digits(visit, wrong(&second))), ["factor.dead"]);
    world.wait(1);
    let next = world.digits(visit, &second);
    assert!(!matches!(next, Next::Open { .. }), "a dead code opens nothing: {next:?}");
    world.check();
}

#[test]
fn c1_a_code_is_good_for_five_minutes_and_not_a_moment_more() {
    for (seconds, good) in [(299, true), (300, false)] {
        let mut world = World::new(Preset::Seed);
        let (visit, _) = world.identify(Method::PhoneNumber, ADA);
        let typed = world.code(ADA);
        // The visit stays awake while the code gets old.
        for _ in 0..4 {
            world.now = world.now.saturating_add(jiff::SignedDuration::from_secs(60)).expect("a time");
            world.digits(visit, "1111111");
            world.now = world.now.saturating_add(jiff::SignedDuration::from_secs(1)).expect("a time");
        }
        world.now = world.now.saturating_add(jiff::SignedDuration::from_secs(seconds - 244)).expect("a time");
        let next = world.digits(visit, &typed);
        assert_eq!(matches!(next, Next::Keys(_)), good, "after {seconds} seconds: {next:?}");
    }
}

#[test]
fn w10_x02_a_text_that_does_not_go_out_is_followed_by_an_e_mail_with_another_code() {
    for (preset, mails) in [(Preset::Seed, 1), (Preset::Strict, 0)] {
        let mut world = World::new(preset);
        let (visit, _) = world.identify(Method::PhoneNumber, ADA);
        let first = world.code(ADA);
        let notice = world.messages.last().expect("a message").notice;
        assert!(
            !world.by(Actor::System, |turn| Ok(turn.not_sent(notice, "no network"))),
            "the same code is not tried again"
        );
        assert_eq!(world.count("ada@example.org", Channel::Email), mails, "{preset:?}");
        if mails == 1 {
            let second = world.code("ada@example.org");
            assert!(first == second || world.digits(visit, &first) == Next::not_accepted());
            assert!(matches!(world.digits(visit, &second), Next::Keys(_)));
        }
        world.check();
    }
}

#[test]
fn c2_three_unanswered_codes_in_ten_minutes_are_the_limit() {
    let mut world = World::new(Preset::Seed);
    for _ in 0..6 {
        let (_, next) = world.identify(Method::PhoneNumber, ADA);
        assert_eq!(next, Next::Secret, "the screen is the same when no code goes out");
    }
    assert_eq!(world.count(ADA, Channel::Sms), 3);
    world.check();
}

#[test]
fn f08_an_unknown_number_looks_like_a_known_one_until_something_is_typed() {
    let mut world = World::new(Preset::Seed);
    let (known, first) = world.identify(Method::PhoneNumber, ADA);
    let (unknown, second) = world.identify(Method::PhoneNumber, "+4366999999");
    assert_eq!(first, second);
    let right = world.code(ADA);
    let wrong = if right == "123456" { "654321" } else { "123456" };
    assert_eq!(world.digits(known, wrong), world.digits(unknown, wrong));
    assert!(world.messages.iter().all(|message| message.to != "+4366999999"), "C8: codes go to numbers on file only");
}

#[test]
fn w9_a_suspended_person_is_nobody_and_a_badge_raises_the_alarm() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.admin(|turn| turn.link_badge(ada, "badge-1"));
    world.admin(|turn| turn.suspend(ada));
    let before = world.messages.len();
    let (_, next) = world.identify(Method::Badge, "badge-1");
    assert_eq!(next, Next::not_accepted());
    assert_eq!(world.messages.len(), before + 1, "an administrator is told");
    world.check();
}

#[test]
fn r09_w2_a_booking_code_opens_one_key_in_its_time_and_once() {
    let mut world = World::new(Preset::Seed);
    let car = world.car;
    let guest =
        keyward_host_core::vault::Contact { name: "Gil Guest".into(), mobile: Some("+4366777".into()), email: None };
    let from = world.now.saturating_add(jiff::SignedDuration::from_hours(1)).expect("a time");
    let until = world.now.saturating_add(jiff::SignedDuration::from_hours(3)).expect("a time");
    let kind = keyward_host_core::kinds::BookingKind::OneTime;
    let booked = world.admin(|turn| turn.book(car, guest, kind, from, until));
    let code = booked.code.expect("a code");
    assert_eq!(refused(&world.identify(Method::BookingCode, &code).1), ["pickup.too_early"]);
    world.wait(61);
    let (visit, next) = world.identify(Method::BookingCode, &code);
    assert!(matches!(&next, Next::Keys(offers) if offers.len() == 1), "one booking, one key: {next:?}");
    assert!(matches!(world.choose(visit, world.van), Next::Refused(..)), "not the other one");
    let operation = World::opening(&world.choose(visit, car));
    world.take(operation);
    assert_eq!(world.holder(car), Some(Who::Guest(booked.booking)));
    world.wait(1);
    assert_eq!(refused(&world.identify(Method::BookingCode, &code).1), ["pickup.used_up"]);
    world.bring_back("fob-car", None);
    let (van, from) = (world.van, world.now);
    let guest = keyward_host_core::vault::Contact {
        name: "Gia Guest".into(),
        mobile: None,
        email: Some("gia@example.org".into()),
    };
    let until = from.saturating_add(jiff::SignedDuration::from_hours(1)).expect("a time");
    let booked = world.admin(|turn| turn.book(van, guest, kind, from, until));
    world.wait(60);
    assert_eq!(refused(&world.identify(Method::BookingCode, &booked.code.expect("a code")).1), ["pickup.expired"]);
    world.check();
}

#[test]
fn w6_d5_two_want_one_key_and_one_gets_it() {
    let mut world = World::new(Preset::Seed);
    let (ada, ben) = (world.ada, world.ben);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.admin(|turn| turn.link_badge(ben, "badge-b"));
    let (first, _) = world.identify(Method::Badge, "badge-a");
    let (second, _) = world.identify(Method::Badge, "badge-b");
    let operation = World::opening(&world.choose(first, world.car));
    assert_eq!(refused(&world.choose(second, world.car)), ["pickup.conflict"]);
    assert_eq!(World::opening(&world.choose(first, world.car)), operation, "asking again gives the same opening");
    world.take(operation);
    let (since, before) = (world.log.len(), world.org.clone());
    world.take_again(operation);
    assert_eq!((world.events(since), &world.org), (Vec::new(), &before), "a report that comes twice changes nothing");
    let taken = world.log.iter().filter(|entry| matches!(entry.event, Event::Taken { .. })).count();
    assert_eq!(taken, 1, "a report that comes twice counts once");
    world.check();
}

#[test]
fn w14_a_late_report_is_believed_and_one_that_is_overtaken_is_not() {
    let mut world = World::new(Preset::Seed);
    let (ada, r#box) = (world.ada, world.r#box);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let operation = World::opening(&world.choose(visit, world.car));
    world.by(Actor::Box(r#box), |turn| turn.begin(r#box, operation));
    world.wait(10);
    let again = world.identify(Method::Badge, "badge-a").0;
    assert_eq!(refused(&world.choose(again, world.car)), ["pickup.conflict"], "nobody gets a key that may be gone");
    world.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, Report::Taken { verified: true }));
    assert_eq!(world.holder(world.car), Some(Who::Person(ada)));
    world.bring_back("fob-car", None);
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let operation = World::opening(&world.choose(visit, world.car));
    world.by(Actor::Box(r#box), |turn| turn.begin(r#box, operation));
    world.bring_back("fob-car", None);
    world.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, Report::Taken { verified: true }));
    assert_eq!(world.holder(world.car), None, "it came back after it left, so it is here");
    world.check();
}

#[test]
fn w15_a_right_that_is_taken_back_before_the_bin_opens_shuts_it() {
    let mut world = World::new(Preset::Seed);
    let (ada, r#box) = (world.ada, world.r#box);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let operation = World::opening(&world.choose(visit, world.car));
    let all: Vec<_> = world.org.permissions.keys().copied().collect();
    for permission in all {
        world.admin(|turn| turn.revoke(permission));
    }
    let next = world.by(Actor::Box(r#box), |turn| turn.begin(r#box, operation));
    assert!(refused(&next).iter().any(|refusal| refusal == "access.no_permission"), "{next:?}");
    assert_eq!(world.org.keys[&world.car].operation, None);
    world.check();
}

#[test]
fn w5_an_empty_bin_is_checked_and_the_key_is_nowhere() {
    let mut world = World::new(Preset::Seed);
    let (ada, r#box) = (world.ada, world.r#box);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let operation = World::opening(&world.choose(visit, world.car));
    world.by(Actor::Box(r#box), |turn| turn.begin(r#box, operation));
    world.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, Report::Empty));
    assert_eq!(world.org.keys[&world.car].place, keyward_host_core::org::Where::Unknown);
    let (visit, next) = world.identify(Method::Badge, "badge-a");
    assert!(matches!(&next, Next::Keys(offers) if offers.len() == 1), "{next:?}");
    assert!(matches!(world.choose(visit, world.car), Next::Refused(..)));
    world.check();
}

#[test]
fn v20_v22_v23_after_hours_two_kinds_a_reason_and_an_alert() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.night_profile(ada);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    world.now = "2026-11-30T21:00:00Z".parse().expect("a time");
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let Next::Reason(reasons) = world.choose(visit, world.car) else { panic!("a reason comes first") };
    assert!(reasons.iter().any(|(code, _)| code == "repair"));
    let next = world.by(Actor::Unknown, |turn| turn.give_reason(visit, "repair", "burst pipe"));
    assert_eq!(next, Next::Prove(vec![Proof::Pin, Proof::Fingerprint], None), "R65, X16: the badge alone does not do");
    let operation = World::opening(&world.digits(visit, "8302"));
    assert_eq!(world.count(BOSS, Channel::Sms), 0, "R70: told when the key has left, not before");
    world.take(operation);
    let told: Vec<&str> =
        world.messages.iter().filter(|message| message.to == BOSS).map(|message| message.text.as_str()).collect();
    assert!(
        told.iter().any(|text| text.contains("Ada Able")
            && text.contains("Patrol car 12")
            && text.contains("burst pipe")
            && text.contains("22:00")),
        "{told:?}"
    );
    let due = world.org.keys[&world.car].due.expect("a time");
    assert_eq!(
        due.duration_since(world.now).as_hours(),
        10,
        "R54: the sooner of ten hours by the key and twelve by the profile"
    );
    world.check();
}

#[test]
fn v21_an_office_day_profile_is_refused_and_the_manager_told() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.now = "2026-11-29T11:00:00Z".parse().expect("a Sunday");
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    assert!(refused(&world.choose(visit, world.car)).contains(&"after_hours.unauthorised".to_string()));
    assert_eq!(world.count(BOSS, Channel::Sms), 1);
    world.check();
}

#[test]
fn f14_r66_x13_another_person_agrees_and_nobody_agrees_with_themselves() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.night_profile(ada);
    world.admin(|turn| turn.grant_role(ada, keyward_host_core::kinds::Role::Manager));
    world.set("org.approver_for", "critical_keys");
    let safe = world.key("Safe", "fob-safe", keyward_host_core::kinds::Sensitivity::Critical, 2);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    world.now = "2026-11-30T21:00:00Z".parse().expect("a time");
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    world.choose(visit, safe);
    world.by(Actor::Unknown, |turn| turn.give_reason(visit, "duty", ""));
    let next = world.digits(visit, "8302");
    assert!(matches!(next, Next::Wait { people: 1, given: 0, .. }), "{next:?}");
    let approval = *world.org.approvals.keys().next().expect("an approval");
    assert!(!world.by(Actor::Person(ada), |turn| turn.approve(approval, true)));
    let why = world.last(|event| match event {
        Event::ApprovalDenied { why, .. } => Some(why.clone()),
        _ => None,
    });
    assert_eq!(why, "self");
    assert!(
        matches!(world.by(Actor::Unknown, |turn| turn.proceed(visit)), Next::Wait { given: 0, .. }),
        "W13: not one's own word"
    );
    let (boss, ben) = (world.boss, world.ben);
    world.by(Actor::Person(ben), |turn| turn.approve(approval, true));
    assert!(
        matches!(world.by(Actor::Unknown, |turn| turn.proceed(visit)), Next::Wait { given: 0, .. }),
        "not of just anybody"
    );
    world.by(Actor::Person(boss), |turn| turn.approve(approval, true));
    let operation = World::opening(&world.by(Actor::Unknown, |turn| turn.proceed(visit)));
    world.take(operation);
    let authorised = world.last(|event| match event {
        Event::Taken { authorised_by, .. } => Some(authorised_by.clone()),
        _ => None,
    });
    assert_eq!(authorised, [boss]);
    world.check();
}

#[test]
fn w13_nobody_answers_and_the_bin_stays_shut() {
    let mut world = World::new(Preset::Strict);
    let ada = world.ada;
    world.night_profile(ada);
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    let safe = world.key("Safe", "fob-safe", keyward_host_core::kinds::Sensitivity::Sensitive, 2);
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    world.now = "2026-11-30T21:00:00Z".parse().expect("a time");
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    world.choose(visit, safe);
    world.by(Actor::Unknown, |turn| turn.give_reason(visit, "duty", ""));
    let shown = Shown::Digits("8302".into(), Some(stretched("8302")));
    world.by(Actor::Unknown, |turn| turn.show(visit, Some(Proof::Pin), shown));
    let typed = world.code(ADA);
    let next = world.digits(visit, &typed);
    assert!(matches!(next, Next::Wait { .. }), "{next:?}");
    world.wait(5);
    let next = world.by(Actor::Unknown, |turn| turn.proceed(visit));
    assert_eq!(refused(&next), ["approval.denied"]);
    world.check();
}

#[test]
fn c3_a_pin_locks_after_five_misses_and_for_good_after_ten() {
    let mut world = World::new(Preset::Seed);
    world.set("org.user_pickup_2fa", "pin");
    let ada = world.ada;
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    let (_, code) = world.admin(|turn| turn.issue_code(ada));
    let miss = |world: &mut World| {
        world.wait(6);
        let (visit, _) = world.identify(Method::AccessCode, &code);
        world.choose(visit, world.car);
        let shown = Shown::Digits("1111".into(), Some(stretched("1111")));
        world.by(Actor::Unknown, |turn| turn.show(visit, Some(Proof::Pin), shown))
    };
    for _ in 0..4 {
        assert_eq!(refused(&miss(&mut world)), ["factor.wrong"]);
    }
    assert_eq!(refused(&miss(&mut world)), ["factor.locked"]);
    let (visit, _) = world.identify(Method::AccessCode, &code);
    assert!(
        matches!(world.choose(visit, world.car), Next::Prove(proofs, Some(_)) if proofs == [Proof::Code]),
        "a locked PIN is no PIN: a code is asked for"
    );
    world.wait(20);
    for _ in 0..5 {
        miss(&mut world);
    }
    assert!(keyward_host_core::org::Lock::ForGood == world.org.people[&ada].pin_locked.expect("locked"));
    world.check();
}

#[test]
fn f19_overdue_is_told_once_to_the_holder_and_the_manager() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    world.admin(|turn| turn.link_badge(ada, "badge-a"));
    let (visit, _) = world.identify(Method::Badge, "badge-a");
    let operation = World::opening(&world.choose(visit, world.car));
    world.take(operation);
    world.wait(601);
    world.wait(60);
    assert_eq!((world.count(ADA, Channel::Sms), world.count(BOSS, Channel::Sms)), (1, 1));
    world.bring_back("fob-car", None);
    assert!(world.events(0).contains(&"key.overdue_cleared".to_string()));
    world.check();
}

impl World {
    fn take_again(&mut self, operation: keyward_host_core::id::OperationId) {
        let r#box = self.r#box;
        self.by(Actor::Box(r#box), |turn| turn.report(r#box, operation, Report::Taken { verified: true }));
    }
}

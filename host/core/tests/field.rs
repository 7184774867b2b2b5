//! Swaps, signing in, PINs, labels: what the acceptance vectors say of things away from the box.

mod world;

use keyward_host_core::event::{Actor, Event, Who};
use keyward_host_core::id::{PersonId, SessionId};
use keyward_host_core::kinds::{Channel, Method, Preset, Role};
use keyward_host_core::org::Where;
use keyward_host_core::{Fault, NewPassword, SignedIn, Swapped};
use world::{World, stretched};

const ADA: &str = "+4366000003";
const BEN: &str = "+4366000004";

/// Ada has the car.
fn held(preset: Preset) -> World {
    let mut world = World::new(preset);
    let (ada, car) = (world.ada, world.car);
    world.admin(|turn| turn.correct(car, Where::Held(Who::Person(ada)), "handed out by hand"));
    world
}

fn hand(world: &mut World, actor: PersonId, to: PersonId) -> Swapped {
    let car = world.car;
    world.by(Actor::Person(actor), |turn| turn.request_swap(car, to, None))
}

#[test]
fn v11_r13_the_code_goes_to_the_new_holder_and_the_holder_types_it() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben, car) = (world.ada, world.ben, world.car);
    let Swapped::CodeSent(swap, Channel::Sms) = hand(&mut world, ada, ben) else { panic!("a code") };
    assert_eq!(world.holder(car), Some(Who::Person(ada)), "custody moves after the code");
    assert_eq!(world.count(ADA, Channel::Sms), 0);
    let code = world.code(BEN);
    let stranger = world.tried(Actor::Person(ben), |turn| turn.confirm_swap(swap, &code));
    assert_eq!(stranger, Err(Fault::NotFound("swap")), "X20: the receiver does not type it");
    assert_eq!(world.by(Actor::Person(ada), |turn| turn.confirm_swap(swap, &code)), Swapped::Done(swap));
    assert_eq!(world.holder(car), Some(Who::Person(ben)));
    assert_eq!(
        world.by(Actor::Person(ada), |turn| turn.confirm_swap(swap, &code)),
        Swapped::Done(swap),
        "again is no second swap"
    );
    world.check();
}

#[test]
fn v12_v14_x14_an_admin_needs_no_code_and_neither_does_anybody_where_it_is_off() {
    let mut world = held(Preset::Seed);
    let (ada, ben, owner, car) = (world.ada, world.ben, world.owner, world.car);
    assert!(matches!(hand(&mut world, ada, ben), Swapped::Done(_)));
    assert_eq!((world.count(ADA, Channel::Sms), world.count(BEN, Channel::Sms)), (1, 1), "V14: both are told");
    world.set("org.swap_handshake", "yes");
    let since = world.log.len();
    assert!(matches!(hand(&mut world, owner, ada), Swapped::Done(_)));
    assert_eq!(world.holder(car), Some(Who::Person(ada)));
    let events = world.events(since);
    assert!(
        events.contains(&"swap.exempted".to_string()) && events.contains(&"swap.forced_by_admin".to_string()),
        "{events:?}"
    );
    world.check();
}

#[test]
fn v13_a_co_admin_is_not_exempt() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben) = (world.ada, world.ben);
    world.admin(|turn| turn.grant_role(ada, Role::CoAdmin));
    assert!(matches!(hand(&mut world, ada, ben), Swapped::CodeSent(..)));
}

#[test]
fn f17_three_wrong_codes_end_a_swap_and_a_right_one_is_too_late() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben, car) = (world.ada, world.ben, world.car);
    let Swapped::CodeSent(swap, _) = hand(&mut world, ada, ben) else { panic!("a code") };
    let code = world.code(BEN);
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for left in [2, 1, 0] {
        assert_eq!(world.by(Actor::Person(ada), |turn| turn.confirm_swap(swap, wrong)), Swapped::Wrong(left));
    }
    assert_eq!(world.tried(Actor::Person(ada), |turn| turn.confirm_swap(swap, &code)), Err(Fault::Over("swap")));
    assert_eq!(world.holder(car), Some(Who::Person(ada)));
    world.check();
}

#[test]
fn w6_w9_w4_a_swap_is_asked_again_when_it_is_confirmed() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben, car) = (world.ada, world.ben, world.car);
    let Swapped::CodeSent(swap, _) = hand(&mut world, ada, ben) else { panic!("a code") };
    let code = world.code(BEN);
    let all: Vec<_> = world
        .org
        .permissions
        .iter()
        .filter(|(_, one)| one.subject == keyward_host_core::event::Subject::Person(ben))
        .map(|(id, _)| *id)
        .collect();
    for permission in all {
        world.admin(|turn| turn.revoke(permission));
    }
    let done = world.by(Actor::Person(ada), |turn| turn.confirm_swap(swap, &code));
    assert!(matches!(&done, Swapped::Refused(refusals, _) if refusals == &["access.no_permission"]), "{done:?}");
    assert_eq!(world.holder(car), Some(Who::Person(ada)));
    // Somebody who does not have it hands nothing on.
    let done = hand(&mut world, ben, ada);
    assert!(
        matches!(&done, Swapped::Refused(refusals, _) if refusals.contains(&"swap.not_holder".to_string())),
        "{done:?}"
    );
    world.check();
}

#[test]
fn f17_a_key_that_came_back_meanwhile_is_not_handed_on() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben, car) = (world.ada, world.ben, world.car);
    let Swapped::CodeSent(swap, _) = hand(&mut world, ada, ben) else { panic!("a code") };
    let code = world.code(BEN);
    world.bring_back("fob-car", None);
    assert_eq!(world.tried(Actor::Person(ada), |turn| turn.confirm_swap(swap, &code)), Err(Fault::Over("swap")));
    assert!(matches!(world.org.keys[&car].place, Where::Bin(_)));
    world.check();
}

#[test]
fn t16_a_swap_does_not_dodge_the_night() {
    let mut world = held(Preset::Seed);
    let (ada, ben) = (world.ada, world.ben);
    world.now = "2026-11-30T21:00:00Z".parse().expect("a time");
    let done = hand(&mut world, ada, ben);
    assert!(
        matches!(&done, Swapped::Refused(refusals, _) if refusals.contains(&"after_hours.unauthorised".to_string())),
        "{done:?}"
    );
    world.night_profile(ben);
    world.by(Actor::Person(ben), |turn| turn.set_pin("8302", stretched("8302")));
    let reason = keyward_host_core::event::Reason { code: "repair".into(), text: String::new() };
    let car = world.car;
    let done = world.by(Actor::Person(ada), |turn| turn.request_swap(car, ben, Some(&reason)));
    assert!(matches!(&done, Swapped::Refused(refusals, _) if refusals == &["after_hours.at_a_box_only"]), "{done:?}");
    world.check();
}

fn new_password(text: &str) -> NewPassword {
    NewPassword {
        stretched: stretched(text),
        length: text.chars().count() as u32,
        has_letter: text.chars().any(char::is_alphabetic),
        has_digit: text.chars().any(|one| one.is_ascii_digit()),
        block_listed: false,
        same_as_before: false,
    }
}

fn sign_in(world: &mut World, password: &str) -> SignedIn {
    world.by(Actor::Unknown, |turn| turn.sign_in("ada@example.org", &stretched(password), true))
}

fn with_code(world: &mut World, password: &str) -> (SessionId, String) {
    let SignedIn::Code(challenge, Some(Channel::Sms)) = sign_in(world, password) else { panic!("a code") };
    let code = world.code(ADA);
    match world.by(Actor::Unknown, |turn| turn.sign_in_code(challenge, &code)) {
        SignedIn::Session(session, token) => (session, token),
        other => panic!("{other:?}"),
    }
}

#[test]
fn v15_r20_a_new_account_is_asked_for_a_code_from_a_known_device_too() {
    let mut world = World::new(Preset::Seed);
    let (session, token) = with_code(&mut world, "correct horse 1");
    let whose = |world: &World, token: &str| {
        keyward_host_core::session_of(&world.org, &world.pepper, world.now, session, token)
    };
    assert_eq!(whose(&world, &token), Some(world.ada));
    assert_eq!(whose(&world, "0000"), None);
    world.wait(12 * 60);
    assert_eq!(whose(&world, &token), None, "C12: twelve hours and no longer");
    world.check();
}

#[test]
fn v16_r39_r40_after_a_change_one_code_even_where_it_is_off() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let (session, token) = with_code(&mut world, "correct horse 1");
    let typed = stretched("correct horse 1");
    assert_eq!(
        world.tried(Actor::Person(ada), |turn| turn.switch_login_code(false, None, true)),
        Err(Fault::NotAccepted),
        "R22: off costs the password"
    );
    world.by(Actor::Person(ada), |turn| turn.switch_login_code(false, Some(&typed), true));
    assert!(matches!(sign_in(&mut world, "correct horse 1"), SignedIn::Session(..)));
    let wrong = world
        .by(Actor::Person(ada), |turn| turn.change_password(&stretched("nonsense 99"), &new_password("purple rain 5")));
    assert!(!wrong, "R39: the current one is needed");
    assert!(world.by(Actor::Person(ada), |turn| turn.change_password(&typed, &new_password("purple rain 5"))));
    assert_eq!(
        keyward_host_core::session_of(&world.org, &world.pepper, world.now, session, &token),
        None,
        "sessions end"
    );
    with_code(&mut world, "purple rain 5");
    assert!(matches!(sign_in(&mut world, "purple rain 5"), SignedIn::Session(..)), "once");
    world.check();
}

#[test]
fn v17_r37_the_floor_of_passwords() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let typed = stretched("correct horse 1");
    for refused in ["abcdefgh", "12345678", "abc1"] {
        let change = world.tried(Actor::Person(ada), |turn| turn.change_password(&typed, &new_password(refused)));
        assert!(matches!(change, Err(Fault::Invalid("password", _))), "{refused}: {change:?}");
    }
    assert!(world.by(Actor::Person(ada), |turn| turn.change_password(&typed, &new_password("abcdefg1"))));
    let mut world = World::new(Preset::Strict);
    let ada = world.ada;
    let change = world.tried(Actor::Person(ada), |turn| turn.change_password(&typed, &new_password("abcdefg1")));
    assert!(matches!(change, Err(Fault::Invalid("password", _))), "X11");
    assert!(world.by(Actor::Person(ada), |turn| turn.change_password(&typed, &new_password("fifteen letters"))));
}

#[test]
fn v19_v26_c11_a_reset_tells_strangers_nothing_is_good_once_and_does_not_skip_the_code() {
    let mut world = World::new(Preset::Seed);
    world.by(Actor::Unknown, |turn| {
        turn.request_reset("nobody@example.org", "https://keys.example/");
        Ok(())
    });
    assert!(world.messages.is_empty());
    let ask = |world: &mut World| {
        world.by(Actor::Unknown, |turn| {
            turn.request_reset("ada@example.org", "https://keys.example/");
            Ok(())
        });
        let text = world.messages.last().expect("a message").text.clone();
        let (_, link) = text.split_once("https://keys.example/").expect("a link");
        let (challenge, token) = link.split_once('.').expect("a token");
        (challenge.parse().expect("an id"), token.to_string())
    };
    let (old, old_token) = ask(&mut world);
    let (challenge, token) = ask(&mut world);
    let new = new_password("purple rain 5");
    assert_eq!(
        world.tried(Actor::Unknown, |turn| turn.complete_reset(old, &old_token, &new)),
        Err(Fault::NotAccepted),
        "the newest only"
    );
    assert_eq!(
        world.tried(Actor::Unknown, |turn| turn.complete_reset(challenge, &old_token, &new)),
        Err(Fault::NotAccepted)
    );
    world.by(Actor::Unknown, |turn| turn.complete_reset(challenge, &token, &new));
    assert_eq!(
        world.tried(Actor::Unknown, |turn| turn.complete_reset(challenge, &token, &new)),
        Err(Fault::NotAccepted),
        "once"
    );
    with_code(&mut world, "purple rain 5");
    world.check();
}

#[test]
fn c5_a_code_of_one_purpose_is_good_for_no_other() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben) = (world.ada, world.ben);
    let Swapped::CodeSent(swap, _) = hand(&mut world, ada, ben) else { panic!("a code") };
    let (visit, _) = world.identify(Method::PhoneNumber, BEN);
    let code_for_pickup = world.code(BEN);
    let done = world.by(Actor::Person(ada), |turn| turn.confirm_swap(swap, &code_for_pickup));
    assert!(matches!(done, Swapped::Wrong(2)), "{done:?}");
    assert!(matches!(world.digits(visit, &code_for_pickup), keyward_host_core::Next::Keys(_)));
    let SignedIn::Code(challenge, _) = sign_in(&mut world, "correct horse 1") else { panic!("a code") };
    let wrong = world.by(Actor::Unknown, |turn| turn.sign_in_code(challenge, &code_for_pickup));
    assert!(matches!(wrong, SignedIn::Refused(_)) || world.code(ADA) == code_for_pickup);
}

#[test]
fn w3_five_wrong_passwords_shut_the_door_for_a_quarter_of_an_hour() {
    let mut world = World::new(Preset::Seed);
    let unknown = world.by(Actor::Unknown, |turn| turn.sign_in("nobody@example.org", &stretched("x"), false));
    for _ in 0..5 {
        assert_eq!(sign_in(&mut world, "nonsense 99"), unknown, "C7: the same words");
    }
    assert!(matches!(sign_in(&mut world, "correct horse 1"), SignedIn::Refused(_)), "right, and too late");
    world.wait(16);
    with_code(&mut world, "correct horse 1");
    world.check();
}

#[test]
fn v18_r32_no_pin_where_nobody_asks_for_one() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let refused = world.tried(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    assert!(matches!(refused, Err(Fault::Conflict(_))), "{refused:?}");
    world.set("org.user_pickup_2fa", "pin");
    let weak = world.tried(Actor::Person(ada), |turn| turn.set_pin("1234", stretched("1234")));
    assert!(matches!(weak, Err(Fault::Invalid("pin", _))), "R07");
    world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    world.check();
}

#[test]
fn x07_my_rule_is_on_in_strict_and_off_in_seed_until_somebody_changes_it() {
    for (preset, first, other) in [(Preset::Seed, "no", "yes"), (Preset::Strict, "yes", "no")] {
        let mut world = World::new(preset);
        let ada = world.ada;
        let name = "person.my_pickup_2fa";
        world.by(Actor::Person(ada), |turn| turn.set_setting(name, other, Some(ada)));
        let before = world.last(|event| match event {
            Event::SettingChanged { name: own, before, .. } if own == name => Some(before.clone()),
            _ => None,
        });
        assert_eq!(before, first, "{preset:?}");
        assert_eq!(world.org.settings_for(Some(ada)).get(name).map(String::as_str), Some(other));
    }
}

#[test]
fn v25_r17_a_name_that_tells_where_to_go_is_warned_of() {
    let mut world = World::new(Preset::Seed);
    let card = keyward_host_core::event::KeyCard {
        name: "12 Elm Street 4B".into(),
        sensitivity: keyward_host_core::kinds::Sensitivity::Normal,
        groups: Default::default(),
        approvers: 0,
        max_out_minutes: None,
        fob: None,
    };
    let (_, warning) = world.admin(|turn| turn.create_key(card.clone(), "", ""));
    assert!(warning.is_some());
    world.set("host.label_lint", "block");
    let owner = Actor::Person(world.owner);
    assert!(matches!(world.tried(owner, |turn| turn.create_key(card, "", "")), Err(Fault::Invalid("name", _))));
}

#[test]
fn w9_c12_suspending_ends_sessions_and_swaps_at_once() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben) = (world.ada, world.ben);
    let (session, token) = with_code(&mut world, "correct horse 1");
    let Swapped::CodeSent(swap, _) = hand(&mut world, ada, ben) else { panic!("a code") };
    world.admin(|turn| turn.suspend(ada));
    assert_eq!(keyward_host_core::session_of(&world.org, &world.pepper, world.now, session, &token), None);
    let cancelled = world.last(|event| match event {
        Event::SwapCancelled { swap, .. } => Some(*swap),
        _ => None,
    });
    assert_eq!(cancelled, swap);
    assert!(matches!(
        world.by(Actor::Unknown, |turn| turn.sign_in("ada@example.org", &stretched("correct horse 1"), true)),
        SignedIn::Refused(_)
    ));
    world.admin(|turn| turn.reactivate(ada));
    assert_eq!(
        keyward_host_core::session_of(&world.org, &world.pepper, world.now, session, &token),
        None,
        "and for good"
    );
    world.check();
}

#[test]
fn a5_no_entry_holds_a_code_a_number_or_a_name() {
    let mut world = held(Preset::Seed);
    world.set("org.swap_handshake", "yes");
    let (ada, ben) = (world.ada, world.ben);
    with_code(&mut world, "correct horse 1");
    hand(&mut world, ada, ben);
    world.identify(Method::PhoneNumber, BEN);
    let codes: Vec<String> = world
        .messages
        .iter()
        .filter_map(|message| {
            message.text.split(|one: char| !one.is_ascii_digit()).find(|word| word.len() == 6).map(str::to_string)
        })
        .collect();
    assert_eq!(codes.len(), 3);
    for entry in &world.log {
        let mut plain = entry.clone();
        // What a policy was asked is in hexadecimal, and holds ids and facts.
        plain.decisions.iter_mut().for_each(|asked| asked.facts.clear());
        let line = serde_json::to_value(&plain.event).expect("json").to_string();
        for canary in ["Ada", "Ben", "Olga", "4366", "example.org", "correct horse"]
            .iter()
            .copied()
            .chain(codes.iter().map(String::as_str))
        {
            assert!(!line.contains(canary), "{canary} in {line}");
        }
    }
}

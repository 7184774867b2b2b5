//! When the usual way in is gone (R36, F26), new numbers (C9), fingerprints: nobody alone gets into somebody's account.

mod world;

use keyward_host_core::event::{Actor, Event};
use keyward_host_core::kinds::{Channel, Due, Method, Preset, Proof, Role};
use keyward_host_core::vault::Contact;
use keyward_host_core::{Fault, NewPassword, Next, SignedIn, Turn};
use world::{World, stretched};

const PASSWORD: &str = "correct horse 1";

fn new_password(text: &str) -> NewPassword {
    NewPassword {
        stretched: stretched(text),
        length: 20,
        has_letter: true,
        has_digit: true,
        block_listed: false,
        same_as_before: false,
    }
}

fn sign_in(world: &mut World, address: &str, password: &str) -> SignedIn {
    let typed = stretched(password);
    world.by(Actor::Unknown, |turn| turn.sign_in(address, &typed, false))
}

fn challenge(signed: SignedIn) -> keyward_host_core::id::ChallengeId {
    match signed {
        SignedIn::Code(challenge, _) | SignedIn::Recovery(challenge) => challenge,
        other => panic!("a code is asked for: {other:?}"),
    }
}

fn boss_administrates(world: &mut World) {
    let boss = world.boss;
    world.admin(|turn| turn.grant_role(boss, Role::OrgAdmin));
}

#[test]
fn r36_two_administrators_recover_an_account_and_one_alone_does_not() {
    let mut world = World::new(Preset::Seed);
    let (owner, boss, ada, ben) = (world.owner, world.boss, world.ada, world.ben);
    let start = |turn: &mut Turn<'_>| turn.start_recovery(ada, "lost her mailbox");
    assert!(
        matches!(world.tried(Actor::Person(owner), start), Err(Fault::Conflict(_))),
        "there is one administrator only"
    );
    boss_administrates(&mut world);
    assert!(matches!(world.tried(Actor::Person(ben), start), Err(Fault::Forbidden(_))));
    let me = world.tried(Actor::Person(owner), |turn| turn.start_recovery(owner, "mine"));
    assert!(matches!(me, Err(Fault::Forbidden(_))));
    world.by(Actor::Person(owner), start);
    assert!(world.count("+4366000003", Channel::Sms) == 1, "Ada hears of it");
    let alone = world.tried(Actor::Person(owner), |turn| turn.agree_to_recovery(ada));
    assert!(matches!(alone, Err(Fault::Forbidden(_))));
    let (link, token) = world.by(Actor::Person(boss), |turn| turn.agree_to_recovery(ada));
    assert!(
        matches!(world.tried(Actor::Person(boss), |turn| turn.agree_to_recovery(ada)), Err(Fault::NotFound(_))),
        "once"
    );
    // The old password is no good any more, and the token of a recovery is none of a reset.
    assert!(matches!(sign_in(&mut world, "ada@example.org", PASSWORD), SignedIn::Refused(_)));
    let new = new_password("a fresh start 7");
    let wrong = world.tried(Actor::Unknown, |turn| turn.complete_recovery(link, "nonsense", &new));
    assert!(matches!(wrong, Err(Fault::NotAccepted)));
    let other = world.tried(Actor::Unknown, |turn| turn.complete_reset(link, &token, &new));
    assert!(matches!(other, Err(Fault::NotAccepted)));
    world.by(Actor::Unknown, |turn| turn.complete_recovery(link, &token, &new));
    let again = world.tried(Actor::Unknown, |turn| turn.complete_recovery(link, &token, &new));
    assert!(matches!(again, Err(Fault::NotAccepted)), "once");
    assert_eq!(world.org.people[&ada].due, Due::Recovered);
    let asked = challenge(sign_in(&mut world, "ada@example.org", "a fresh start 7"));
    let code = world.code("+4366000003");
    let signed = world.by(Actor::Unknown, |turn| turn.sign_in_code(asked, &code));
    assert!(matches!(signed, SignedIn::Session(..)));
    world.check();
}

#[test]
fn r36_an_agreement_comes_within_a_day_and_a_token_within_half_an_hour() {
    let mut world = World::new(Preset::Seed);
    boss_administrates(&mut world);
    let (boss, ada) = (world.boss, world.ada);
    world.admin(|turn| turn.start_recovery(ada, "lost"));
    world.wait(60 * 24 + 1);
    let late = world.tried(Actor::Person(boss), |turn| turn.agree_to_recovery(ada));
    assert!(matches!(late, Err(Fault::Over(_))));
    world.admin(|turn| turn.start_recovery(ada, "lost"));
    let (link, token) = world.by(Actor::Person(boss), |turn| turn.agree_to_recovery(ada));
    world.wait(31);
    let new = new_password("a fresh start 7");
    let late = world.tried(Actor::Unknown, |turn| turn.complete_recovery(link, &token, &new));
    assert!(matches!(late, Err(Fault::NotAccepted)));
    world.check();
}

#[test]
fn f26_t4_a_recovery_code_opens_once_where_no_text_can_come() {
    let mut world = World::new(Preset::Seed);
    let ada = world.ada;
    let me = Actor::Person(ada);
    let older = world.by(me, |turn| turn.new_recovery_codes());
    let codes = world.by(me, |turn| turn.new_recovery_codes());
    assert_eq!((codes.len(), world.org.people[&ada].recovery_codes), (10, 10));
    assert!(codes.iter().all(|code| code.len() == 11 && !older.contains(code)));
    let try_code = |world: &mut World, code: &str| {
        let asked = challenge(sign_in(world, "ada@example.org", PASSWORD));
        matches!(world.by(Actor::Unknown, |turn| turn.sign_in_code(asked, code)), SignedIn::Session(..))
    };
    assert!(!try_code(&mut world, &older[0]), "older ones are no good");
    assert!(try_code(&mut world, &codes[0].to_lowercase()));
    assert!(!try_code(&mut world, &codes[0]), "once");
    assert_eq!(world.org.people[&ada].recovery_codes, 9);
    // A stranger who knows the password asks for codes until no more are sent; Ada still gets in.
    for _ in 0..4 {
        sign_in(&mut world, "ada@example.org", PASSWORD);
    }
    assert!(try_code(&mut world, &codes[1]));
    // Without a number there is nothing but recovery codes.
    let contact = Contact { name: "Ada Able".into(), mobile: None, email: Some("ada@example.org".into()) };
    world.admin(|turn| turn.change_contact(ada, contact));
    world.wait(60 * 25);
    assert!(matches!(sign_in(&mut world, "ada@example.org", PASSWORD), SignedIn::Recovery(_)));
    world.check();
}

#[test]
fn c9_a_new_number_is_told_to_the_old_one_ends_sessions_and_releases_no_keys_for_three_days() {
    let mut world = World::new(Preset::Strict);
    let (ada, car) = (world.ada, world.car);
    let before = world.count("+4366000003", Channel::Sms);
    let contact =
        Contact { name: "Ada Able".into(), mobile: Some("+4366000077".into()), email: Some("ada@example.org".into()) };
    world.admin(|turn| turn.change_contact(ada, contact));
    assert_eq!(world.count("+4366000003", Channel::Sms), before + 1);
    assert_eq!(world.count("+4366000077", Channel::Sms), 0);
    // The old number is nobody's: it gets the screens of any number, and no code goes out.
    let (visit, _) = world.identify(Method::PhoneNumber, "+4366000003");
    assert!(world.org.decoys.contains_key(&visit));
    let (_, next) = world.identify(Method::PhoneNumber, "+4366000077");
    assert_eq!((next, world.count("+4366000077", Channel::Sms)), (Next::Secret, 0), "no code goes to a new number");
    // Beginning a sign-in with it is not refused: the password stands before it.
    world.wait(60 * 73);
    world.now = "2026-12-04T11:00:00Z".parse().expect("a time");
    let (visit, _) = world.identify(Method::PhoneNumber, "+4366000077");
    let code = world.code("+4366000077");
    assert!(matches!(world.digits(visit, &code), Next::Keys(_)));
    world.choose(visit, car);
    let next = world.by(Actor::Unknown, |turn| turn.give_reason(visit, "duty", ""));
    assert!(matches!(next, Next::Open { .. }), "{next:?}");
    world.check();
}

#[test]
fn c5_a_code_that_proves_a_number_proves_this_number_for_this_person() {
    let mut world = World::new(Preset::Seed);
    let (ada, ben) = (world.ada, world.ben);
    let me = Actor::Person(ada);
    let taken = world.tried(me, |turn| turn.prove_contact(Channel::Sms, "+4366000004"));
    assert!(matches!(taken, Err(Fault::Conflict(_))), "Ben has this number");
    assert!(matches!(world.tried(me, |turn| turn.prove_contact(Channel::Sms, "12")), Err(Fault::Invalid(..))));
    let asked = world.by(me, |turn| turn.prove_contact(Channel::Sms, "+4366000088"));
    let code = world.code("+4366000088");
    let other = world.by(me, |turn| turn.contact_proved(asked, Channel::Sms, "+4366000099", &code));
    assert!(!other, "for another number");
    let foreign =
        world.tried(Actor::Person(ben), |turn| turn.contact_proved(asked, Channel::Sms, "+4366000088", &code));
    assert!(matches!(foreign, Err(Fault::Over(_))));
    assert!(matches!(
        world.tried(me, |turn| turn.contact_proved(asked, Channel::Email, "+4366000088", &code)),
        Err(Fault::Over(_))
    ));
    assert!(world.by(me, |turn| turn.contact_proved(asked, Channel::Sms, "+4366000088", &code)));
    assert_eq!(world.org.vault.person(ada).expect("Ada").contact.mobile.as_deref(), Some("+4366000088"));
    assert!(matches!(
        world.tried(me, |turn| turn.contact_proved(asked, Channel::Sms, "+4366000088", &code)),
        Err(Fault::Over(_))
    ));
    world.check();
}

#[test]
fn a_fingerprint_is_stored_after_another_proof_and_forgotten_on_a_word() {
    let mut world = World::new(Preset::Seed);
    let (ada, r#box, car) = (world.ada, world.r#box, world.car);
    let (visit, _) = world.identify(Method::PhoneNumber, "+4366000003");
    let early = world.tried(Actor::Box(r#box), |turn| turn.enrol_fingerprint(r#box, visit));
    assert!(matches!(early, Err(Fault::Forbidden(_))));
    let code = world.code("+4366000003");
    world.digits(visit, &code);
    world.by(Actor::Box(r#box), |turn| turn.enrol_fingerprint(r#box, visit));
    assert!(world.org.people[&ada].fingerprint);
    world.last(|event| matches!(event, Event::FingerprintEnrolled { person, .. } if *person == ada).then_some(()));
    world.by(Actor::Person(ada), |turn| turn.forget_fingerprint(ada));
    assert!(!world.org.people[&ada].fingerprint);
    let _ = (car, Proof::Fingerprint);
    world.check();
}

#[test]
fn a_password_is_not_guessed_from_a_session_that_was_stolen() {
    let mut world = World::new(Preset::Seed);
    let me = Actor::Person(world.ada);
    for _ in 0..5 {
        assert!(!world.by(me, |turn| turn.password_is(&stretched("wrong"))));
    }
    let locked = world.tried(me, |turn| turn.password_is(&stretched(PASSWORD)));
    assert!(matches!(locked, Err(Fault::Locked(_))), "{locked:?}");
    world.wait(16);
    assert!(world.by(me, |turn| turn.password_is(&stretched(PASSWORD))));
}

//! Every cell of the second-factor matrix: method × mode × hours × what is on file, for both presets. What a bin opens for is said here
//! once more, in plain words, and compared with what the policies, united, say.

mod world;

use keyward_host_core::event::Actor;
use keyward_host_core::id::VisitId;
use keyward_host_core::kinds::{FactorKind, Method, Preset, Proof};
use keyward_host_core::vault::Contact;
use keyward_host_core::{Next, Shown};
use std::collections::BTreeSet;
use world::{World, stretched};

const ADA: &str = "+4366000003";

struct Cell {
    preset: Preset,
    method: Method,
    mode: &'static str,
    closed: bool,
    pin: bool,
}

/// What was shown before the bin opened; none if it stayed shut.
fn opened(cell: &Cell) -> Option<BTreeSet<Proof>> {
    let mut world = World::new(cell.preset);
    if cell.preset == Preset::Seed {
        world.set("org.user_pickup_2fa", cell.mode);
    }
    let (ada, car, r#box) = (world.ada, world.car, world.r#box);
    world.night_profile(ada);
    if cell.pin {
        world.by(Actor::Person(ada), |turn| turn.set_pin("8302", stretched("8302")));
    }
    if cell.closed {
        world.now = "2026-11-30T21:00:00Z".parse().expect("a time");
    }
    let guest = || Contact { name: "Gil".into(), mobile: Some(ADA.into()), email: None };
    let until = world.now.saturating_add(jiff::SignedDuration::from_hours(2)).expect("a time");
    let from = world.now;
    let one_time = keyward_host_core::kinds::BookingKind::OneTime;
    let value = match cell.method {
        Method::AccessCode => world.admin(|turn| turn.issue_code(ada)).1,
        Method::PhoneNumber => ADA.to_string(),
        Method::QrCode => world.admin(|turn| turn.issue_qr(ada, false)).1,
        Method::Badge => {
            world.admin(|turn| turn.link_badge(ada, "badge"));
            "badge".to_string()
        }
        Method::BookingCode => world.admin(|turn| turn.book(car, guest(), one_time, from, until)).code.expect("a code"),
        Method::UrlLink => world.admin(|turn| turn.book(car, guest(), one_time, from, until)).link.expect("a link"),
        Method::App => String::new(),
    };
    let (visit, mut next) = if cell.method == Method::App {
        let address = "ada@example.org";
        let signed = world.by(Actor::Unknown, |turn| turn.sign_in(address, &stretched("correct horse 1"), false));
        let keyward_host_core::SignedIn::Code(challenge, _) = signed else { panic!("a code") };
        let code = world.code(ADA);
        let signed = world.by(Actor::Unknown, |turn| turn.sign_in_code(challenge, &code));
        let keyward_host_core::SignedIn::Session(session, _) = signed else { panic!("a session") };
        world.by(Actor::Person(ada), |turn| turn.identify_app(r#box, session))
    } else {
        world.identify(cell.method, &value)
    };
    // Do what the screen asks for, as well as one can.
    for _ in 0..10 {
        next = match next {
            Next::Keys(_) => world.choose(visit, car),
            Next::Reason(_) => world.by(Actor::Unknown, |turn| turn.give_reason(visit, "repair", "")),
            Next::Open { .. } => return Some(world.org.visits[&visit].shown.clone()),
            Next::Secret => match world.org.visits.get(&visit).is_some_and(|visit| visit.challenge.is_some()) {
                true => {
                    let code = world.code(ADA);
                    world.digits(visit, &code)
                }
                false => world.digits(visit, "8302"),
            },
            Next::Prove(proofs, sent) => show(&mut world, visit, &proofs, sent.is_some(), cell.pin)?,
            Next::Refused(..) | Next::Wait { .. } => return None,
        };
    }
    panic!("the screen goes round in circles: {next:?}")
}

fn show(world: &mut World, visit: VisitId, proofs: &[Proof], sent: bool, pin: bool) -> Option<Next> {
    let screen = world.pepper.presence(world.r#box.0, world.now.as_second() / 30);
    let digits = |text: &str| Shown::Digits(text.to_string(), Some(stretched(text)));
    let (proof, shown) = if proofs.contains(&Proof::PresenceCode) {
        (Proof::PresenceCode, digits(&screen))
    } else if proofs.contains(&Proof::Pin) && pin {
        (Proof::Pin, digits("8302"))
    } else if proofs.contains(&Proof::Code) {
        if !sent {
            let next = world.by(Actor::Unknown, |turn| turn.ask_code(visit));
            return Some(next);
        }
        let code = world.code(ADA);
        (Proof::Code, digits(&code))
    } else {
        return None;
    };
    Some(world.by(Actor::Unknown, |turn| turn.show(visit, Some(proof), shown)))
}

/// What has to be shown, in plain words; none: nothing helps.
fn expected(cell: &Cell) -> Option<BTreeSet<Proof>> {
    use Proof::{Code, Pin, PresenceCode};
    let typed = matches!(cell.method, Method::AccessCode | Method::PhoneNumber | Method::QrCode);
    let strict = cell.preset == Preset::Strict;
    let mode = if strict { "otp" } else { cell.mode };
    // By day: R02-R08, X01, X09, and the number on the screen for what comes through the network (F11, F12).
    let mut shown = BTreeSet::new();
    let asked = typed || strict && matches!(cell.method, Method::Badge | Method::UrlLink);
    match (asked, mode) {
        (false, _) | (_, "off") => {}
        (true, "pin") if cell.pin => drop(shown.insert(Pin)),
        (true, _) => drop(shown.insert(Code)),
    }
    if matches!(cell.method, Method::UrlLink | Method::App) {
        shown.insert(PresenceCode);
    }
    if !cell.closed {
        return Some(shown);
    }
    // At night: two kinds (R65), a number alone never where nothing is asked for by day (X10), a second piece of knowledge never (X16).
    match cell.method {
        Method::AccessCode => drop(shown.insert(Code)),
        Method::BookingCode => drop(shown.insert(Code)),
        Method::PhoneNumber if mode == "off" || !cell.pin => return None,
        Method::PhoneNumber => shown.extend([Pin, Code]),
        Method::QrCode | Method::Badge | Method::App if !cell.pin => return None,
        Method::QrCode | Method::Badge | Method::App => drop(shown.insert(Pin)),
        // A guest has no PIN: a link opens nothing at night.
        Method::UrlLink => return None,
    }
    Some(shown)
}

#[test]
fn r65_x16_every_cell_of_the_matrix() {
    let mut cells = 0;
    for preset in [Preset::Seed, Preset::Strict] {
        let modes: &[&str] = if preset == Preset::Seed { &["off", "otp", "pin"] } else { &["otp"] };
        for method in Method::ALL.iter().copied() {
            for mode in modes.iter().copied() {
                for (closed, pin) in [(false, false), (false, true), (true, false), (true, true)] {
                    let cell = Cell { preset, method, mode, closed, pin };
                    let name = format!("{preset:?} {method} {mode} closed={closed} pin={pin}");
                    let found = opened(&cell);
                    assert_eq!(found, expected(&cell), "{name}");
                    if let (Some(shown), true) = (&found, closed) {
                        let kinds: BTreeSet<FactorKind> =
                            method.kind().into_iter().chain(shown.iter().filter_map(|proof| proof.kind())).collect();
                        assert!(kinds.len() >= 2, "{name}: {kinds:?}");
                    }
                    cells += 1;
                }
            }
        }
    }
    assert_eq!(cells, 7 * 4 * 4);
}

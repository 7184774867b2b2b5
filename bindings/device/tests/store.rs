//! P8 on a box: power may fail at any step of storing a bundle, and what is obeyed is the old one or the new one, whole; never an
//! older one, never one that somebody put into the flash.

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_device::bundle::{BundleError, Contents, Role, SigningKey, Trust, sign};
use keyward_device::{Flash, Marks, OpenError, Policy, SmallScratch, Status, Store, StoreError};

/// Flash with a fuse: after so many steps power fails, in the middle of the last one.
#[derive(Clone)]
struct Memory {
    slots: [Vec<u8>; 2],
    floor: u32,
    left: usize,
}

impl Memory {
    fn new() -> Memory {
        Memory { slots: [vec![0xFF; 64 << 10], vec![0xFF; 64 << 10]], floor: 0, left: usize::MAX }
    }

    /// How many of `count` steps happen before power fails.
    fn steps(&mut self, count: usize) -> Result<usize, &'static str> {
        let done = count.min(self.left);
        self.left -= done;
        if self.left == 0 { Err("power") } else { Ok(done) }
    }
}

impl Flash for Memory {
    type Error = &'static str;

    fn slot(&self, slot: usize) -> &[u8] {
        &self.slots[slot]
    }

    fn erase(&mut self, slot: usize) -> Result<(), &'static str> {
        // A page at a time.
        for page in 0..self.slots[slot].len() / 4096 {
            let half = self.left == 1;
            let failed = self.steps(1);
            let len = if half { 2048 } else { 4096 };
            self.slots[slot][page * 4096..page * 4096 + len].fill(0xFF);
            failed?;
        }
        Ok(())
    }

    fn write(&mut self, slot: usize, at: usize, bytes: &[u8]) -> Result<(), &'static str> {
        assert_eq!(at % 8, 0);
        for (number, eight) in bytes.chunks(8).enumerate() {
            let half = self.left == 1;
            let failed = self.steps(1);
            for (place, byte) in eight.iter().enumerate().take(if half { 4 } else { 8 }) {
                // Flash only clears bits.
                self.slots[slot][at + number * 8 + place] &= byte;
            }
            failed?;
        }
        Ok(())
    }

    fn floor(&self) -> u32 {
        self.floor
    }

    fn raise(&mut self, floor: u32) -> Result<(), &'static str> {
        self.steps(1)?;
        assert!(floor >= self.floor, "the counter only grows");
        self.floor = floor;
        Ok(())
    }
}

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn trust() -> Trust {
    let roles = vec![Role { keys: vec![key(1).verifying_key()], threshold: 1 }];
    Trust { organization: "acme".into(), roles, abi: 1 }
}

fn module(version: u32) -> Vec<u8> {
    let text = format!(
        "edition 2026\npolicy tests.box version {version}\n\ninput on is yes or no\n\ndecision d\n  answer a is one of x, \
         y\n\nif unsure a is x\n\nnormally a is y\n  because \"So.\"\n\nrule off\n  when on is no\n  then a is x\n  because \
         \"Off.\"\n"
    );
    let mut sources = Sources::new();
    let file = sources.add("box.ward", text);
    let compiled = Project::read(sources, None).compile(file);
    compiled.module(Options { strip: true }).unwrap_or_else(|errors| panic!("{errors:?}")).bytes
}

fn bundle(version: u32, previous: [u8; 32]) -> Vec<u8> {
    signed(version, previous, vec![("box.wasm".into(), module(version))], 1)
}

fn signed(version: u32, previous: [u8; 32], files: Vec<(String, Vec<u8>)>, by: u8) -> Vec<u8> {
    let organization = "acme".into();
    let contents = Contents { organization, version, abi: 1, not_before: 100, expires: 1_000, previous, files };
    sign(&contents, &key(by)).expect("it can be signed")
}

type Small = Marks<200>;
type Expected = fn(&StoreError<&'static str>) -> bool;

fn obeyed(store: &Store<Memory>) -> Option<u32> {
    store.obeyed(&trust(), 500).map(|verified| {
        let policy =
            Policy::open(verified.file("box.wasm").expect("it is there"), &mut Small::new()).expect("it opens");
        let mut request = vec![0; policy.short_len()];
        request[..4].copy_from_slice(&policy.schema_hash().to_le_bytes());
        let mut outcome = [0; 64];
        assert_eq!(policy.decide(0, &request, &mut outcome, &mut SmallScratch::new()), Status::Ok);
        verified.manifest.version
    })
}

#[test]
fn p8_power_fails_at_every_step() {
    let mut store = Store::open(Memory::new(), &trust());
    assert_eq!(obeyed(&store), None);
    let first = store.activate(&bundle(1, [0; 32]), &trust(), 500, &mut Small::new()).expect("it is right");
    let second = bundle(2, first.hash);
    let before = store.into_flash();
    let (mut old, mut new, mut steps) = (0, 0, 1);
    loop {
        let mut flash = before.clone();
        flash.left = steps;
        let mut store = Store::open(flash, &trust());
        let stored = store.activate(&second, &trust(), 500, &mut Small::new());
        let mut flash = store.into_flash();
        flash.left = usize::MAX;
        // Power is back.
        let store = Store::open(flash, &trust());
        match obeyed(&store) {
            Some(1) => old += 1,
            Some(2) => new += 1,
            other => panic!("after {steps} steps {other:?} is obeyed"),
        }
        let version = obeyed(&store).expect("one of them");
        assert_eq!(store.flash().floor(), version, "after {steps} steps");
        if stored.is_ok() {
            break;
        }
        // And it can be done again.
        let mut again = Store::open(store.into_flash(), &trust());
        let done = again.activate(&second, &trust(), 500, &mut Small::new());
        assert!(done.is_ok() || version == 2, "after {steps} steps: {done:?}");
        assert_eq!(obeyed(&again), Some(2));
        steps += 1;
    }
    println!("{steps} steps: the old one {old} times, the new one {new} times");
    assert!(old > 100 && new >= 1);
}

#[test]
fn p8_what_was_obeyed_never_comes_back() {
    let mut store = Store::open(Memory::new(), &trust());
    let first_bundle = bundle(1, [0; 32]);
    let first = store.activate(&first_bundle, &trust(), 500, &mut Small::new()).expect("it is right");
    let old = store.flash().clone();
    let second = store.activate(&bundle(2, first.hash), &trust(), 500, &mut Small::new()).expect("it is right");
    let again = store.activate(&first_bundle, &trust(), 500, &mut Small::new());
    assert_eq!(again, Err(StoreError::Bundle(BundleError::Rollback)));
    // Somebody writes yesterday's flash back; the counter stays.
    let mut flash = old.clone();
    flash.floor = 2;
    assert_eq!(obeyed(&Store::open(flash.clone(), &trust())), None);
    let mut fresh = Store::open(flash, &trust());
    assert_eq!(
        fresh.activate(&first_bundle, &trust(), 500, &mut Small::new()),
        Err(StoreError::Bundle(BundleError::Rollback))
    );
    // Any bit of what is obeyed.
    let good = store.flash().clone();
    let active = good.slots.iter().position(|slot| slot.windows(2).any(|two| two == [2, 0]) && slot[0] == b'K');
    for slot in 0..2 {
        for at in (0..4_000).step_by(7) {
            let mut flash = good.clone();
            flash.slots[slot][at] ^= 4;
            let store = Store::open(flash, &trust());
            assert!(matches!(obeyed(&store), Some(2) | None), "slot {slot}, byte {at}: {:?}", obeyed(&store));
        }
    }
    assert!(active.is_some());
    // It is obeyed in its time alone.
    for (now, found) in [(99, false), (100, true), (999, true), (1_000, false)] {
        assert_eq!(store.obeyed(&trust(), now).is_some(), found, "at {now}");
    }
    // Another key, another organization: nothing is obeyed.
    let other = Trust { roles: vec![Role { keys: vec![key(2).verifying_key()], threshold: 1 }], ..trust() };
    assert!(Store::open(good.clone(), &other).bundle().is_none());
    let foreign = Trust { organization: "acme2".into(), ..trust() };
    assert!(Store::open(good, &foreign).bundle().is_none());
    assert_eq!(second.version, 2);
}

#[test]
fn p8_wrong_bundles_leave_the_store_as_it_was() {
    let mut store = Store::open(Memory::new(), &trust());
    let first = store.activate(&bundle(1, [0; 32]), &trust(), 500, &mut Small::new()).expect("it is right");
    let mut damaged = module(2);
    let table = damaged.windows(4).position(|four| four == b"KWD1").expect("a table");
    damaged[table + 36] ^= 2;
    let file = |name: &str, bytes: &[u8]| vec![(name.to_string(), bytes.to_vec())];
    let cases: Vec<(Vec<u8>, Expected)> = vec![
        (signed(2, first.hash, file("box.wasm", &damaged), 1), |why| {
            matches!(why, StoreError::Module(0, OpenError::Table(_)))
        }),
        (signed(2, first.hash, file("box.wasm", b"x"), 1), |why| {
            matches!(why, StoreError::Module(0, OpenError::Table(_)))
        }),
        (signed(2, first.hash, file("box.wasm", b"\0asm"), 1), |why| {
            matches!(why, StoreError::Module(0, OpenError::NotAPolicy))
        }),
        (signed(2, first.hash, file("readme", b"x"), 1), |why| *why == StoreError::Empty),
        (signed(2, first.hash, vec![], 1), |why| *why == StoreError::Empty),
        (signed(2, first.hash, file("box.wasm", &module(2)), 2), |why| {
            matches!(why, StoreError::Bundle(BundleError::Threshold(0)))
        }),
        (signed(2, first.hash, [file("box.wasm", &module(2)), file("large", &vec![0; 64 << 10])].concat(), 1), |why| {
            *why == StoreError::TooLarge
        }),
    ];
    for (number, (wrong, expected)) in cases.iter().enumerate() {
        let before = store.flash().slots.clone();
        let why = store.activate(wrong, &trust(), 500, &mut Small::new()).expect_err("it must be refused");
        assert!(expected(&why), "case {number}: {why:?}");
        assert_eq!((store.flash().slots.clone(), obeyed(&store)), (before, Some(1)), "case {number}");
    }
    let late = store.activate(&bundle(2, first.hash), &trust(), 5_000, &mut Small::new());
    assert_eq!(late, Err(StoreError::Bundle(BundleError::Expired)));
    // Too little memory to check with is no reason to skip the check.
    let small = store.activate(&bundle(2, first.hash), &trust(), 500, &mut Marks::<0>::new());
    assert!(matches!(small, Err(StoreError::Module(0, OpenError::Table(_)))), "{small:?}");
    assert!(store.activate(&bundle(2, first.hash), &trust(), 500, &mut Small::new()).is_ok());
}

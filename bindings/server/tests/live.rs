//! P8: a server obeys bundles. One that is refused changes nothing; one that is taken takes over between two decisions, on every
//! thread, and nobody waits.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_server::bundle::{BundleError, Contents, Role, SigningKey, Trust, hash, sign};
use keyward_server::{ActivateError, DecideError, Live, LoadError, Value, Worker};

fn text(version: u32, says: &str) -> String {
    format!(
        "edition 2026\npolicy tests.live version {version}\n\ninput on is yes or no\n\ndecision d\n  answer a is one of \
         x, y\n\nif unsure a is x\n\nnormally a is {says}\n  because \"So.\"\n\nrule off\n  when on is no\n  then a is x\n  \
         because \"Off.\"\n"
    )
}

fn module(version: u32, says: &str) -> Vec<u8> {
    let mut sources = Sources::new();
    let file = sources.add("live.ward", text(version, says));
    let compiled = Project::read(sources, None).compile(file);
    compiled.module(Options::default()).unwrap_or_else(|errors| panic!("{errors:?}")).bytes
}

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn trust() -> Trust {
    let roles = vec![Role { keys: vec![key().verifying_key()], threshold: 1 }];
    Trust { organization: "acme".into(), roles, abi: 1 }
}

fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_790_000_000)
}

fn bundle(version: u32, previous: [u8; 32], files: Vec<(String, Vec<u8>)>) -> Vec<u8> {
    let contents = Contents {
        organization: "acme".into(),
        version,
        abi: 1,
        not_before: 1_789_000_000,
        expires: 1_791_000_000,
        previous,
        files,
    };
    sign(&contents, &key()).expect("it can be signed")
}

fn one(version: u32, previous: [u8; 32], says: &str) -> Vec<u8> {
    bundle(version, previous, vec![("live.wasm".into(), module(version, says))])
}

fn said(worker: &mut Worker) -> u32 {
    let decider = worker.decider("tests.live").expect("a policy is obeyed");
    let mut request = decider.policy().request().clone();
    request.set("on", Value::YesNo(true)).expect("it is an input");
    let packed = request.pack();
    decider.decide(0, &packed).expect("it decides").words[0]
}

#[test]
fn p8_a_refused_bundle_changes_nothing() {
    let live = Live::new();
    let mut worker = Worker::new(&live);
    assert!(matches!(worker.decider("tests.live"), Err(DecideError::NoPolicy(_))));
    let first = live.activate(&one(1, [0; 32], "y"), &trust(), now()).expect("it is right");
    assert_eq!((said(&mut worker), live.names()), (1, vec!["tests.live".to_string()]));
    let wasm = |name: &str, bytes: &[u8]| (name.to_string(), bytes.to_vec());
    let good = module(2, "x");
    let refused = |bundle: &[u8], at: SystemTime| live.activate(bundle, &trust(), at).expect_err("it must be refused");
    let next = |files| bundle(2, first.hash, files);
    assert_eq!(refused(&one(1, first.hash, "x"), now()), ActivateError::Bundle(BundleError::Rollback));
    assert_eq!(refused(&one(2, [7; 32], "x"), now()), ActivateError::Bundle(BundleError::Previous));
    assert_eq!(refused(&next(vec![]), now()), ActivateError::Empty);
    assert_eq!(refused(&next(vec![wasm("readme", b"x")]), now()), ActivateError::Empty);
    assert_eq!(
        refused(&next(vec![wasm("a.wasm", &good), wasm("b.wasm", &good)]), now()),
        ActivateError::Twice("tests.live".into())
    );
    let mut bad = good.clone();
    let last = bad.len() - 1;
    bad.truncate(last);
    let half = refused(&next(vec![wasm("a.wasm", &good), wasm("b.wasm", &bad)]), now());
    assert!(matches!(&half, ActivateError::Module(path, LoadError::NotAModule(_)) if path == "b.wasm"), "{half:?}");
    let soon = UNIX_EPOCH + Duration::from_secs(1_791_000_000);
    assert_eq!(refused(&one(2, first.hash, "x"), soon), ActivateError::Bundle(BundleError::Expired));
    assert_eq!(
        refused(&one(2, first.hash, "x"), UNIX_EPOCH - Duration::from_secs(9)),
        ActivateError::Bundle(BundleError::NotYet)
    );
    let mut flipped = one(2, first.hash, "x");
    let end = flipped.len() - 1;
    flipped[end] ^= 1;
    assert_eq!(refused(&flipped, now()), ActivateError::Bundle(BundleError::Hash(0)));
    assert_eq!((said(&mut worker), live.current()), (1, Some(first)));
    let second = live.activate(&one(2, first.hash, "x"), &trust(), now()).expect("it is right");
    assert_eq!((said(&mut worker), live.current()), (0, Some(second)));
    assert_ne!(first.hash, hash(b""));
}

#[test]
fn p8_a_new_bundle_takes_over_while_others_decide() {
    let live = Live::new();
    let mut current = live.activate(&one(1, [0; 32], "y"), &trust(), now()).expect("it is right");
    let (stop, decided) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        let decide = || {
            let mut worker = Worker::new(&live);
            let mut last = 0;
            while !stop.load(Ordering::Relaxed) {
                let version = worker.decider("tests.live").expect("there is always one").policy().identity().version;
                // Odd versions say y, even ones x; a version never comes back.
                assert!(version >= last);
                last = version;
                let word = said(&mut worker);
                assert!(word < 2);
                decided.fetch_add(1, Ordering::Relaxed);
            }
            assert!(last >= 11, "{last} was the last while the twelfth took over");
            worker.decider("tests.live").expect("there is one").policy().identity().version
        };
        let threads = [scope.spawn(decide), scope.spawn(decide)];
        for version in 2..=12 {
            let says = if version % 2 == 1 { "y" } else { "x" };
            current = live.activate(&one(version, current.hash, says), &trust(), now()).expect("it is right");
            let seen = decided.load(Ordering::Relaxed);
            while decided.load(Ordering::Relaxed) < seen + 200 {
                std::thread::yield_now();
            }
        }
        stop.store(true, Ordering::Relaxed);
        for thread in threads {
            assert_eq!(thread.join().expect("it ends"), 12);
        }
    });
    println!("{} decisions across twelve bundles", decided.into_inner());
}

//! P8: a bundle with anything wrong is refused, for the right reason, and a right one is not.

use keyward_bundle::{
    BundleError, Contents, Current, Manifest, Role, SigningKey, Trust, VerifyingKey, add_signature, key_id, sign,
    verify,
};

const NOW: i64 = 1_790_000_000;

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn public(number: u8) -> VerifyingKey {
    key(number).verifying_key()
}

fn contents() -> Contents {
    Contents {
        organization: "acme".into(),
        version: 7,
        abi: 1,
        not_before: NOW - 60,
        expires: NOW + 86_400,
        previous: [9; 32],
        files: vec![
            ("policies/after_hours.wasm".into(), b"\0asm and more".to_vec()),
            ("site.kwz".into(), b"KWZ1".to_vec()),
            ("empty".into(), Vec::new()),
        ],
    }
}

/// Author 1 or 2, and two of the activators 3, 4, 5.
fn trust() -> Trust {
    Trust {
        organization: "acme".into(),
        roles: vec![
            Role { keys: vec![public(1), public(2)], threshold: 1 },
            Role { keys: vec![public(3), public(4), public(5)], threshold: 2 },
        ],
        abi: 1,
    }
}

fn signed(contents: &Contents, keys: &[u8]) -> Vec<u8> {
    let first = sign(contents, &key(keys[0])).expect("it can be signed");
    keys[1..].iter().fold(first, |bundle, number| add_signature(&bundle, &key(*number)).expect("it can be signed"))
}

fn good() -> Vec<u8> {
    signed(&contents(), &[1, 3, 4])
}

fn current() -> Current {
    Current { version: 6, hash: [9; 32] }
}

fn refusal(bundle: &[u8]) -> BundleError {
    verify(bundle, &trust(), NOW, Some(&current())).expect_err("this bundle must be refused")
}

/// Where the parts of a bundle start: manifest, number of signatures, files.
fn places(bundle: &[u8]) -> (usize, usize, usize) {
    let manifest = u32::from_le_bytes(bundle[4..8].try_into().expect("four")) as usize;
    let signatures = 8 + manifest;
    (8, signatures, signatures + 1 + 72 * usize::from(bundle[signatures]))
}

#[test]
fn p8_a_right_bundle_is_taken() {
    let bundle = good();
    let verified = verify(&bundle, &trust(), NOW, Some(&current())).expect("it is right");
    let files: Vec<(&str, &[u8])> = verified.files().collect();
    let expected: [(&str, &[u8]); 3] =
        [("empty", b""), ("policies/after_hours.wasm", b"\0asm and more"), ("site.kwz", b"KWZ1")];
    assert_eq!(files, expected);
    assert_eq!(verified.file("site.kwz"), Some(&b"KWZ1"[..]));
    assert_eq!(verified.file("nothing"), None);
    assert_eq!(verified.current().version, 7);
    assert_eq!(Manifest::read(&verified.manifest.bytes()), Ok(verified.manifest.clone()));
    // Any order of signatures, more of them than needed, and those of strangers.
    for keys in [&[1, 3, 4][..], &[4, 3, 2], &[5, 1, 2, 3, 4], &[1, 9, 3, 8, 5]] {
        assert!(verify(&signed(&contents(), keys), &trust(), NOW, Some(&current())).is_ok(), "{keys:?}");
    }
    // The first bundle of all follows nothing.
    assert!(verify(&bundle, &trust(), NOW, None).is_ok());
    // Its whole time, to the second.
    for now in [NOW - 60, NOW, NOW + 86_399] {
        assert!(verify(&bundle, &trust(), now, Some(&current())).is_ok());
    }
    assert_eq!(sign(&contents(), &key(1)), sign(&contents(), &key(1)), "the same content has the same bytes (P9)");
}

type Change = fn(&mut Contents);

/// What a manifest may say and a bundle is refused for.
const SAID: &[(&str, Change, BundleError)] = &[
    ("another organization", |it| it.organization = "acme2".into(), BundleError::Organization),
    ("another spelling of the organization", |it| it.organization = "Acme".into(), BundleError::Organization),
    ("the same version", |it| it.version = 6, BundleError::Rollback),
    ("an older version", |it| it.version = 5, BundleError::Rollback),
    ("version 0", |it| it.version = 0, BundleError::Rollback),
    (
        "a version skipped forward that follows another",
        |it| {
            it.version = u32::MAX;
            it.previous = [8; 32];
        },
        BundleError::Previous,
    ),
    ("no previous one", |it| it.previous = [0; 32], BundleError::Previous),
    ("one bit of the previous hash", |it| it.previous[31] ^= 1, BundleError::Previous),
    ("a newer engine", |it| it.abi = 2, BundleError::Engine),
    ("the newest engine", |it| it.abi = u16::MAX, BundleError::Engine),
    ("valid a second later", |it| it.not_before = NOW + 1, BundleError::NotYet),
    (
        "valid next year",
        |it| {
            it.not_before = NOW + 31_536_000;
            it.expires = i64::MAX;
        },
        BundleError::NotYet,
    ),
    ("expired this second", |it| it.expires = NOW, BundleError::Expired),
    ("expired a second ago", |it| it.expires = NOW - 1, BundleError::Expired),
    (
        "expired long ago",
        |it| {
            it.not_before = i64::MIN;
            it.expires = 0;
        },
        BundleError::Expired,
    ),
];

#[test]
fn p8_what_is_said_can_be_wrong() {
    for (name, change, expected) in SAID {
        let mut wrong = contents();
        change(&mut wrong);
        assert_eq!(refusal(&signed(&wrong, &[1, 3, 4])), *expected, "{name}");
    }
}

#[test]
fn p8_keys_and_thresholds() {
    for (keys, expected) in [
        (&[3, 4, 5][..], BundleError::Threshold(0)),
        (&[9, 3, 4], BundleError::Threshold(0)),
        (&[1, 3], BundleError::Threshold(1)),
        (&[1, 2], BundleError::Threshold(1)),
        (&[1, 3, 9], BundleError::Threshold(1)),
        (&[1, 2, 9, 8], BundleError::Threshold(1)),
        (&[9], BundleError::Threshold(0)),
    ] {
        assert_eq!(refusal(&signed(&contents(), keys)), expected, "{keys:?}");
    }
    let bundle = good();
    let (_, signatures, files) = places(&bundle);
    // None at all.
    let mut none = bundle[..=signatures].to_vec();
    none[signatures] = 0;
    none.extend(&bundle[files..]);
    assert_eq!(refusal(&none), BundleError::Threshold(0));
    // The same signature again, to reach a threshold.
    let mut twice = bundle[..files].to_vec();
    twice[signatures] += 1;
    twice.extend(&bundle[signatures + 1 + 72..signatures + 1 + 144]);
    twice.extend(&bundle[files..]);
    assert_eq!(refusal(&twice), BundleError::SignedTwice);
    // A signature under the name of another key, and one of another manifest.
    let mut renamed = bundle.clone();
    renamed[signatures + 1..signatures + 9].copy_from_slice(&key_id(&public(2)));
    assert_eq!(refusal(&renamed), BundleError::Signature);
    let mut other = contents();
    other.version = 8;
    let (other, mut moved) = (signed(&other, &[1, 3, 4]), bundle.clone());
    moved[signatures + 1..files].copy_from_slice(&other[signatures + 1..files]);
    assert_eq!(refusal(&moved), BundleError::Signature);
    // A key that is in two roles counts in both, and still once in each.
    let both = Trust {
        roles: vec![
            Role { keys: vec![public(1)], threshold: 1 },
            Role { keys: vec![public(1), public(1), public(3)], threshold: 2 },
        ],
        ..trust()
    };
    let alone = signed(&contents(), &[1]);
    assert_eq!(verify(&alone, &both, NOW, None).err(), Some(BundleError::Threshold(1)));
    assert!(verify(&signed(&contents(), &[1, 3]), &both, NOW, None).is_ok());
    // Nobody trusted, or a role that asks for nothing.
    for roles in [vec![], vec![Role { keys: vec![public(1)], threshold: 0 }]] {
        let open = Trust { roles, ..trust() };
        assert_eq!(verify(&bundle, &open, NOW, None).err(), Some(BundleError::NoTrust));
    }
    // A signature of the manifest without its domain.
    use ed25519_dalek::Signer;
    let (manifest, ..) = places(&bundle);
    let mut plain = bundle.clone();
    let bare = key(1).sign(&bundle[manifest..signatures]).to_bytes();
    plain[signatures + 9..signatures + 73].copy_from_slice(&bare);
    assert_eq!(refusal(&plain), BundleError::Signature);
}

#[test]
fn p8_every_changed_byte_is_refused() {
    let bundle = good();
    let (manifest, signatures, files) = places(&bundle);
    let mut kinds = std::collections::BTreeMap::new();
    for at in 0..bundle.len() {
        for flip in [1, 0x80] {
            let mut wrong = bundle.clone();
            wrong[at] ^= flip;
            let error = refusal(&wrong);
            let part = match at {
                _ if at < manifest => "head",
                _ if at < signatures => "manifest",
                _ if at < files => "signatures",
                _ => "files",
            };
            *kinds.entry((part, format!("{error:?}"))).or_insert(0) += 1;
        }
    }
    println!("{kinds:?}");
    assert!(kinds.keys().all(|(part, kind)| *part != "files" || kind.starts_with("Hash")), "{kinds:?}");
    assert!(kinds.keys().all(|(part, kind)| *part != "manifest" || kind == "Signature"), "{kinds:?}");
}

#[test]
fn p8_every_cut_and_everything_added_is_refused() {
    let bundle = good();
    for end in 0..bundle.len() {
        refusal(&bundle[..end]);
    }
    for more in [&b"\0"[..], b"x", &bundle] {
        assert_eq!(refusal(&[&bundle[..], more].concat()), BundleError::Length);
    }
    let mut long = bundle.clone();
    long.resize(keyward_bundle::LARGEST + 1, 0);
    assert_eq!(refusal(&long), BundleError::TooLarge);
    assert_eq!(refusal(b""), BundleError::NotABundle);
    assert_eq!(refusal(b"PK\x03\x04"), BundleError::NotABundle);
    assert_eq!(refusal(b"KWB1\xff\xff\xff\xff"), BundleError::Length);
}

#[test]
fn p8_files_exchanged_between_bundles_are_refused() {
    let mut other = contents();
    other.files[0].1 = b"\0asm and hate".to_vec();
    let (bundle, other) = (good(), signed(&other, &[1, 3, 4]));
    let (_, _, files) = places(&bundle);
    assert_eq!(refusal(&[&bundle[..files], &other[files..]].concat()), BundleError::Hash(1));
    let mut swapped = contents();
    swapped.files = vec![("a".into(), b"12".to_vec()), ("b".into(), b"3".to_vec())];
    let bundle = signed(&swapped, &[1, 3, 4]);
    let (_, _, files) = places(&bundle);
    assert_eq!(refusal(&[&bundle[..files], b"312"].concat()), BundleError::Hash(0));
}

/// Paths that are not to be.
const PATHS: &[&str] = &[
    "",
    "/",
    "/etc/passwd",
    "..",
    "../x",
    "a/../b",
    "a/..",
    "./a",
    "a/./b",
    "a//b",
    "a/",
    "a\\b",
    "C:\\x",
    "c:x",
    "A",
    "ä",
    "a b",
    "a\0b",
    "a\nb",
    ".hidden",
    "a/.b",
    "a.",
    "a./b",
    "~",
    "~/x",
    "a*",
    "a?",
    "%2e%2e/x",
    "con:",
    "-\u{202e}x",
];

#[test]
fn p8_paths_that_lead_astray_are_refused() {
    for path in PATHS {
        let mut wrong = contents();
        wrong.files = vec![((*path).into(), b"x".to_vec())];
        assert_eq!(sign(&wrong, &key(1)), Err(BundleError::Path), "{path:?}");
    }
    for path in ["-", "a-b_c.d/e1.wasm", "a..b"] {
        let mut right = contents();
        right.files = vec![(path.into(), b"x".to_vec())];
        assert!(sign(&right, &key(1)).is_ok(), "{path:?}");
    }
    let mut twice = contents();
    twice.files = vec![("a".into(), b"x".to_vec()), ("a".into(), b"y".to_vec())];
    assert_eq!(sign(&twice, &key(1)), Err(BundleError::Path));
    let mut long = contents();
    long.files = vec![("a".repeat(101), b"x".to_vec())];
    assert!(sign(&long, &key(1)).is_err());
    let mut many = contents();
    many.files = (0..65).map(|number| (format!("f{number}"), Vec::new())).collect();
    assert_eq!(sign(&many, &key(1)), Err(BundleError::TooLarge));
    let mut dates = contents();
    dates.expires = dates.not_before;
    assert_eq!(sign(&dates, &key(1)), Err(BundleError::Dates));
    let mut nobody = contents();
    nobody.organization = String::new();
    assert_eq!(sign(&nobody, &key(1)), Err(BundleError::Manifest));
    assert_eq!(add_signature(&good(), &key(3)), Err(BundleError::SignedTwice));
}

/// Manifests that nobody of us would write, rightly signed: the ways to write one are one.
#[test]
fn p8_manifests_are_written_in_one_way() {
    use ed25519_dalek::Signer;
    let with = |manifest: &[u8], files: &[u8]| {
        let message = [&b"keyward bundle 1\0"[..], manifest].concat();
        let mut bundle = b"KWB1".to_vec();
        bundle.extend((manifest.len() as u32).to_le_bytes());
        bundle.extend(manifest);
        bundle.push(3);
        for number in [1, 3, 4] {
            bundle.extend(key_id(&public(number)));
            bundle.extend(key(number).sign(&message).to_bytes());
        }
        bundle.extend(files);
        bundle
    };
    let mut said = contents();
    said.files = vec![("a".into(), b"1".to_vec()), ("b".into(), b"2".to_vec())];
    let bundle = signed(&said, &[1, 3, 4]);
    let (start, end, files) = places(&bundle);
    let (manifest, data) = (bundle[start..end].to_vec(), &bundle[files..]);
    assert!(verify(&with(&manifest, data), &trust(), NOW, Some(&current())).is_ok());
    let refused = |manifest: &[u8]| refusal(&with(manifest, data));
    assert_eq!(refused(&[&manifest[..], b"x"].concat()), BundleError::Manifest, "something follows");
    for cut in 0..manifest.len() {
        assert!(matches!(refused(&manifest[..cut]), BundleError::Manifest), "cut off at {cut}");
    }
    let entry = |number: usize| manifest.len() - 38 * (2 - number)..manifest.len() - 38 * (1 - number);
    let (one, two) = (&manifest[entry(0)], &manifest[entry(1)]);
    let head = &manifest[..entry(0).start];
    assert_eq!(refused(&[head, two, one].concat()), BundleError::Path, "out of order");
    assert_eq!(refused(&[head, one, one].concat()), BundleError::Path, "twice");
    for path in PATHS.iter().filter(|path| path.len() < 100) {
        let mut wrong = head.to_vec();
        *wrong.last_mut().expect("a count") = 1;
        wrong.push(path.len() as u8);
        wrong.extend(path.as_bytes());
        wrong.extend(&one[2..]);
        assert_eq!(refusal(&with(&wrong, b"1")), BundleError::Path, "{path:?}");
    }
    let mut bad = manifest.clone();
    bad[1] = 0xFF;
    assert_eq!(refused(&bad), BundleError::Manifest, "not UTF-8");
    let mut counted = manifest.clone();
    counted[head.len() - 1] = 65;
    assert_eq!(refused(&counted), BundleError::Manifest, "too many files");
    let mut longer = manifest.clone();
    longer[entry(1).start + 2] = 2;
    assert_eq!(refused(&longer), BundleError::Length, "a file longer than what is there");
    let mut dates = manifest.clone();
    let expires = 1 + 4 + 4 + 2 + 8;
    dates[expires..expires + 8].copy_from_slice(&(NOW - 60).to_le_bytes());
    assert_eq!(refused(&dates), BundleError::Dates, "expires when it starts");
}

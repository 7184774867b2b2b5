//! Fuzz targets of what hosts read: bundles, trust files, moments, zones, modules on a box.
//! In: bytes. Out: nothing. Refuses to expect anything of the bytes; where a signature would keep them out, it signs them.

use crate::differential::build;
use keyward_device::{Marks, Policy as Boxed, SmallScratch};
use keyward_server::bundle::zone::Zone;
use keyward_server::bundle::{Contents, Role, SigningKey, Trust, add_signature, sign, verify, verify_stored};
use keyward_server::json::{Terms, read_request};
use keyward_server::{Policy, read_trust};
use std::sync::OnceLock;

fn key() -> SigningKey {
    SigningKey::from_bytes(&[1; 32])
}

fn trust() -> Trust {
    let roles = vec![Role { keys: vec![key().verifying_key()], threshold: 1 }];
    Trust { organization: "acme".into(), roles, abi: 1 }
}

/// Any bytes as a bundle; and any bytes as its manifest, signed by who is trusted.
pub(super) fn bundle(data: &[u8]) {
    let _refused = verify(data, &trust(), 500, None);
    let mut wrapped = b"KWB1".to_vec();
    wrapped.extend((data.len() as u32).to_le_bytes());
    wrapped.extend(data);
    wrapped.extend(b"\0tail");
    if let Ok(signed) = add_signature(&wrapped, &key())
        && let Ok(verified) = verify_stored(&signed, &trust())
    {
        let bytes = verified.manifest.bytes();
        assert_eq!(bytes, data, "a manifest is written in one way");
        verified.files().for_each(drop);
    }
}

/// A bundle and its manifest.
pub(super) fn bundles() -> Vec<Vec<u8>> {
    let files = vec![("a.wasm".into(), b"\0asm".to_vec()), ("site.kwz".into(), Vec::new())];
    let organization = "acme".into();
    let contents =
        Contents { organization, version: 3, abi: 1, not_before: 0, expires: 1_000, previous: [0; 32], files };
    let bundle = sign(&contents, &key()).unwrap_or_default();
    let end = bundle.get(4..8).map_or(0, |four| 8 + usize::from(four[0]) + usize::from(four[1]) * 256);
    let manifest = bundle.get(8..end).unwrap_or_default().to_vec();
    vec![bundle, manifest, b"KWZ1\x01\0\x3c\0\0\0\0\0\xe8\x03\0\0\x64\0\0\0\x78\0".to_vec()]
}

/// Any bytes as a trust file.
pub(super) fn trusted(data: &[u8]) {
    if let Ok(file) = read_trust(data) {
        assert!(file.trust.roles.iter().all(|role| role.threshold > 0 && role.threshold <= role.keys.len()));
    }
}

/// Any bytes as the text of a moment, and as the table of a zone.
pub(super) fn moment(data: &[u8]) {
    static LOADED: OnceLock<Option<Policy>> = OnceLock::new();
    let policy = LOADED.get_or_init(|| {
        let built = build(&[crate::conformance::hand::POLICY.to_owned()]).ok()?;
        Policy::load(&built.emitted.bytes).ok()
    });
    let text = String::from_utf8_lossy(data);
    let json = format!("{{\"now\":{},\"there\":{}}}", serde_json::json!(text), serde_json::json!(text));
    if let Some(policy) = policy {
        for zone in [None, Some("Europe/Paris"), Some("Australia/Lord_Howe"), Some(text.as_ref())] {
            let _refused = read_request(
                policy.schema(),
                json.as_bytes(),
                &Terms { zone: zone.map(str::to_owned), ..Terms::default() },
            );
        }
    }
    if let Some(zone) = Zone::read(data) {
        for instant in [i64::MIN, -1, 0, 59, 60 * 100, 60 * 999, i64::MAX] {
            if let Some((_, minute)) = zone.civil(instant) {
                assert!(minute < 1440);
            }
        }
    }
}

/// Any bytes as a module on a box: what opens decides.
pub(super) fn boxed(data: &[u8]) {
    let mut marks: Box<Marks> = Box::new(Marks::new());
    let mut outcome = [0; 512];
    if let Ok(policy) = Boxed::open(data, &mut marks) {
        let mut request = vec![0; policy.request_len()];
        for flags in [0, 1, 2, 3] {
            request.get_mut(..4).into_iter().for_each(|hash| hash.copy_from_slice(&policy.schema_hash().to_le_bytes()));
            request.get_mut(4).into_iter().for_each(|byte| *byte = flags);
            for decision in 0..policy.decisions().min(4) {
                policy.decide(decision, &request, &mut outcome, &mut SmallScratch::new());
            }
        }
    }
    // What was never checked decides nonsense, and ends.
    Boxed::checked(data).decide(0, &[0; 256], &mut outcome, &mut SmallScratch::new());
}

//! Who is trusted, as a file; and the zone of a site, for boxes. In: JSON, the name of a zone. Out: keys by role, a table. Refuses
//! a file that would trust anybody, or that it does not understand to the end.

use std::time::SystemTime;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use keyward_bundle::{Role, Trust, VerifyingKey, zone};
use keyward_evaluator::layout::ABI;

use crate::json::{Fault, Json, Kind, Member, Mistake};

/// Who is trusted, with the names of the roles.
#[derive(Clone, Debug)]
pub struct TrustFile {
    /// For verifying.
    pub trust: Trust,
    /// The names of its roles, in order.
    pub roles: Vec<String>,
}

/// Reads `{"organization": "acme", "roles": [{"name": "author", "threshold": 1, "keys": ["keyward-public-…"]}]}`.
pub fn read_trust(text: &[u8]) -> Result<TrustFile, Mistake> {
    let json = Json::read(text).map_err(|broken| Mistake::new(Fault::Json, broken.at, broken.what))?;
    let all = members(&json, &["organization", "roles"])?;
    let organization = string(find(&json, all, "organization")?)?.to_string();
    let Kind::Array(listed) = &find(&json, all, "roles")?.kind else { return Err(wrong(&json, "roles are an array")) };
    let mut trust = Trust { organization, roles: Vec::new(), abi: ABI as u16 };
    let mut names: Vec<String> = Vec::new();
    for role in listed {
        let said = members(role, &["name", "threshold", "keys"])?;
        let name = string(find(role, said, "name")?)?.to_string();
        let threshold = find(role, said, "threshold")?;
        let Kind::Number(digits) = &threshold.kind else {
            return Err(wrong(threshold, "a threshold is a whole number"));
        };
        let count: usize = digits.parse().map_err(|_| wrong(threshold, "a threshold is a whole number"))?;
        let Kind::Array(listed) = &find(role, said, "keys")?.kind else { return Err(wrong(role, "keys are an array")) };
        let mut keys: Vec<VerifyingKey> = Vec::new();
        for json in listed {
            let key = public_key(string(json)?)
                .ok_or_else(|| wrong(json, "a public key is `keyward-public-` and 64 hexadecimal digits"))?;
            if keys.contains(&key) {
                return Err(wrong(json, "this key stands here twice"));
            }
            keys.push(key);
        }
        if count == 0 || count > keys.len() {
            return Err(wrong(threshold, "a threshold is at least 1 and at most the number of keys"));
        }
        if names.contains(&name) {
            return Err(wrong(role, "this role stands here twice"));
        }
        names.push(name);
        trust.roles.push(Role { keys, threshold: count });
    }
    if names.is_empty() {
        return Err(wrong(&json, "at least one role is needed: without one, anybody could sign"));
    }
    Ok(TrustFile { trust, roles: names })
}

/// What a file with a public key starts with.
pub const PUBLIC_KEY: &str = "keyward-public-";

/// A public key: `keyward-public-` and 64 hexadecimal digits.
#[must_use]
pub fn public_key(text: &str) -> Option<VerifyingKey> {
    let bytes = hex(text.trim().strip_prefix(PUBLIC_KEY)?)?;
    VerifyingKey::from_bytes(&bytes).ok().filter(|key| !key.is_weak())
}

/// 32 bytes from 64 hexadecimal digits.
#[must_use]
pub fn hex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.bytes().map(|byte| char::from(byte).to_digit(16).map(|digit| digit as u8)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

/// The table of a zone for boxes: from a year before `now` to thirty years after. Nothing if the zone is not known, or its clocks
/// are ahead by fractions of a minute.
#[must_use]
pub fn zone_table(name: &str, now: SystemTime) -> Option<Vec<u8>> {
    let zone = TimeZone::get(name).ok()?;
    let now = Timestamp::try_from(now).ok()?.to_zoned(TimeZone::UTC).start_of_day().ok()?;
    let (from, until) = (now.checked_sub(1.year()).ok()?.timestamp(), now.checked_add(30.years()).ok()?.timestamp());
    let minutes = |seconds: i64| if seconds % 60 == 0 { i32::try_from(seconds / 60).ok() } else { None };
    let ahead =
        |at: Timestamp| minutes(i64::from(zone.to_offset(at).seconds())).and_then(|ahead| i16::try_from(ahead).ok());
    let mut changes = Vec::new();
    let mut last = ahead(from)?;
    for change in zone.following(from).map(|change| change.timestamp()).take_while(|at| *at < until) {
        let next = ahead(change)?;
        if next != last {
            changes.push((minutes(change.as_second())?, next));
            last = next;
        }
    }
    zone::write((minutes(from.as_second())?, minutes(until.as_second())?), ahead(from)?, &changes)
}

fn members<'j>(json: &'j Json, known: &[&str]) -> Result<&'j [Member], Mistake> {
    let Kind::Object(all) = &json.kind else { return Err(wrong(json, "an object is needed here")) };
    match all.iter().find(|member| !known.contains(&member.key.as_str())) {
        Some(odd) => {
            Err(Mistake::new(Fault::Key, odd.at, format!("`{}` is not known here", odd.key)).accepts(known.join(", ")))
        }
        None => Ok(all),
    }
}

fn find<'j>(json: &Json, all: &'j [Member], key: &str) -> Result<&'j Json, Mistake> {
    let found = all.iter().find(|member| member.key == key).map(|member| &member.value);
    found.ok_or_else(|| wrong(json, &format!("`{key}` is missing")))
}

fn string(json: &Json) -> Result<&str, Mistake> {
    match &json.kind {
        Kind::String(text) if !text.is_empty() => Ok(text),
        _ => Err(wrong(json, "a string is needed here")),
    }
}

fn wrong(json: &Json, what: &str) -> Mistake {
    Mistake::new(Fault::Type, json.at, what)
}

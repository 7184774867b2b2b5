//! Moments: the civil date and minute at the site.
//! In: local time, or time with an offset or a zone and the site's zone. Out: a day number and a minute. Refuses to guess a zone.

use super::civil;
use super::mistake::{Fault, Mistake};
use super::read::{Json, Kind};
use super::value::wrong;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

const ACCEPTED: &str = "local time \"2026-12-25T23:30\"; where the site's zone is given also \"2026-12-25T22:30Z\", \
                        \"2026-12-25T23:30+01:00\", \"2026-12-25T23:30[Europe/Paris]\"";

/// Reads a moment at a site.
pub(super) fn read(json: &Json, site: Option<&str>) -> Result<(i32, u16), Mistake> {
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a moment", ACCEPTED.to_string())) };
    if let Some(local) = local(text) {
        return Ok(local);
    }
    let mistake = |fault, what: &str| Mistake::new(fault, json.at, format!("\"{text}\" {what}")).accepts(ACCEPTED);
    let instant = instant(text).ok_or_else(|| mistake(Fault::Type, "is not a moment"))?;
    let Some(zone) = site else {
        let what = "has an offset or a zone, and the zone of the site is not given";
        return Err(mistake(Fault::Type, what).accepts("local time, or the zone of the site as well (`--zone`)"));
    };
    let unknown = || Mistake::new(Fault::Type, json.at, format!("the zone \"{zone}\" of the site is not known"));
    let zone = known_zone(zone).ok_or_else(unknown)?;
    let known = minute_of(instant.to_zoned(zone).datetime());
    known.ok_or_else(|| mistake(Fault::Range, "is out of range").accepts("the years 1900 to 2199"))
}

/// Whether a zone of this name is known.
#[must_use]
pub fn knows_zone(name: &str) -> bool {
    known_zone(name).is_some()
}

/// `2026-12-25T23:30`, perhaps with seconds, which are dropped.
fn local(text: &str) -> Option<(i32, u16)> {
    let (date, time) = text.split_once('T')?;
    let (minutes, seconds) = time.split_at_checked(5)?;
    let two_digits = |s: &str| s.len() == 2 && s.bytes().all(|byte| byte.is_ascii_digit()) && *s < *"60";
    let whole = seconds.is_empty() || seconds.strip_prefix(':').is_some_and(two_digits);
    let (day, minute) = (civil::date(date)?, civil::time(minutes)?);
    whole.then_some((day, minute))
}

/// `2026-12-25T22:30Z`, `2026-12-25T23:30+01:00`, `2026-12-25T23:30[Europe/Paris]`; all with seconds or without, and an
/// offset also together with a zone, if they agree. Other spellings that libraries take are refused: every host must read alike.
fn instant(text: &str) -> Option<Timestamp> {
    let (written, zone) = match text.strip_suffix(']') {
        Some(rest) => rest.split_once('[').map(|(written, zone)| (written, Some(zone)))?,
        None => (text, None),
    };
    let (clock, offset) = match (written.strip_suffix('Z'), written.get(16..).and_then(|rest| rest.find(['+', '-']))) {
        (Some(clock), _) => (clock, Some(0)),
        (None, Some(at)) => (written.get(..16 + at)?, Some(minutes_of(written.get(16 + at..)?)?)),
        (None, None) if zone.is_some() => (written, None),
        (None, None) => return None,
    };
    local(whole_seconds(clock)?)?;
    let at: DateTime = clock.parse().ok()?;
    let zone = zone.map(|name| known_zone(name).ok_or(())).transpose().ok()?;
    let Some(minutes) = offset else { return Some(at.to_zoned(zone?).ok()?.timestamp()) };
    let instant = Offset::from_seconds(minutes * 60).ok()?.to_timestamp(at).ok()?;
    let agrees = |zone| minute_of(instant.to_zoned(zone).datetime()) == minute_of(at);
    (written.ends_with('Z') || zone.is_none_or(agrees)).then_some(instant)
}

/// The minutes of `+01:00`.
fn minutes_of(offset: &str) -> Option<i32> {
    let minutes = i32::from(civil::time(offset.get(1..)?)?);
    Some(if offset.starts_with('-') { -minutes } else { minutes })
}

/// The text without a fraction of a second, if its fraction has one to nine digits.
fn whole_seconds(clock: &str) -> Option<&str> {
    let Some((whole, fraction)) = clock.split_once('.') else { return Some(clock) };
    let digits = !fraction.is_empty() && fraction.len() <= 9 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    (digits && whole.len() == 19).then_some(whole)
}

/// A zone by its name; offsets that stand for zones are none.
fn known_zone(name: &str) -> Option<TimeZone> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_/+-".contains(&byte);
    let written = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.len() <= 60 && name.bytes().all(plain);
    if written { TimeZone::get(name).ok() } else { None }
}

fn minute_of(at: DateTime) -> Option<(i32, u16)> {
    let day = civil::day_number(i32::from(at.year()), i32::from(at.month()), i32::from(at.day()))?;
    let minute = u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).ok()?;
    Some((day, minute))
}

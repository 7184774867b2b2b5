//! Moments: the civil date and minute at the site.
//! In: local time, or time with an offset or a zone and the site's zone. Out: a day number and a minute. Refuses to guess a zone.

use super::civil;
use super::read::{Json, Kind};
use super::request::{Fault, RequestError};
use super::value::wrong;
use super::vocabulary::Packed;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// Where the policy is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Site<'a> {
    /// Its zone, if it is known.
    pub zone: Option<&'a str>,
}

const ACCEPTED: &str =
    "local time \"2026-12-25T23:30\", or with the site's zone given \"2026-12-25T22:30Z\", \"…T23:30+01:00\", \"…T23:30[Europe/Paris]\"";

/// Reads a moment.
pub(super) fn read(json: &Json, site: Site<'_>) -> Result<Packed, RequestError> {
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a moment", ACCEPTED.to_string())) };
    if let Some(local) = local(text) {
        return Ok(local);
    }
    let not_a_moment =
        || RequestError::new(Fault::Type, json.at, format!("\"{text}\" is not a moment")).accepts(ACCEPTED);
    if text.len() > 100 || !text.is_ascii() {
        return Err(not_a_moment());
    }
    let instant = instant(text).ok_or_else(not_a_moment)?;
    let Some(zone) = site.zone else {
        let message = format!("\"{text}\" has an offset or a zone, and the zone of the site is not known");
        return Err(RequestError::new(Fault::Type, json.at, message).accepts("local time, or `--zone Europe/Paris` as well"));
    };
    let zone = TimeZone::get(zone)
        .map_err(|_| RequestError::new(Fault::Type, json.at, format!("the zone \"{zone}\" of the site is not known")))?;
    pack(instant.to_zoned(zone).datetime())
        .ok_or_else(|| RequestError::new(Fault::Range, json.at, format!("\"{text}\" is out of range")).accepts("the years 1900 to 2199"))
}

/// `2026-12-25T23:30`, perhaps with seconds, which are dropped.
fn local(text: &str) -> Option<Packed> {
    let (date, time) = text.split_once('T')?;
    let (minutes, seconds) = time.split_at_checked(5)?;
    let whole = seconds.is_empty()
        || (seconds.len() == 3 && seconds.strip_prefix(':').and_then(|s| s.parse::<u8>().ok()).is_some_and(|s| s < 60));
    let (day, minute) = (civil::date(date)?, civil::time(minutes)?);
    whole.then_some(Packed::Moment(day, minute))
}

fn instant(text: &str) -> Option<Timestamp> {
    if text.ends_with(']') {
        return text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    }
    text.parse::<Timestamp>().ok()
}

fn pack(at: DateTime) -> Option<Packed> {
    let day = civil::day_number(i32::from(at.year()), i32::from(at.month()), i32::from(at.day()))?;
    let minute = u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).ok()?;
    Some(Packed::Moment(day, minute))
}

/// Whether a zone of this name is known.
pub fn knows_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
}

//! Moments: the civil date and minute at the site.
//! In: local time, or time with an offset or a zone and the site's zone. Out: a day number and a minute. Refuses to guess a zone.

use super::civil;
use super::mistake::{Fault, Mistake};
use super::read::{Json, Kind};
use super::value::wrong;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

const ACCEPTED: &str = "local time \"2026-12-25T23:30\"; where the site's zone is given also \"2026-12-25T22:30Z\", \
                        \"2026-12-25T23:30+01:00\", \"2026-12-25T23:30[Europe/Paris]\"";

/// Reads a moment at a site.
pub(super) fn read(json: &Json, site: Option<&str>) -> Result<(i32, u16), Mistake> {
    let Kind::String(text) = &json.kind else { return Err(wrong(json, "a moment", ACCEPTED.to_string())) };
    if let Some(local) = local(text) {
        return Ok(local);
    }
    let mistake = |fault, what: &str| Mistake::new(fault, json.at, format!("\"{text}\" {what}")).accepts(ACCEPTED);
    if text.len() > 100 || !text.is_ascii() {
        return Err(mistake(Fault::Type, "is not a moment"));
    }
    let instant = instant(text).ok_or_else(|| mistake(Fault::Type, "is not a moment"))?;
    let Some(zone) = site else {
        let what = "has an offset or a zone, and the zone of the site is not given";
        return Err(mistake(Fault::Type, what).accepts("local time, or the zone of the site as well (`--zone`)"));
    };
    let zone = TimeZone::get(zone)
        .map_err(|_| Mistake::new(Fault::Type, json.at, format!("the zone \"{zone}\" of the site is not known")))?;
    let known = minute_of(instant.to_zoned(zone).datetime());
    known.ok_or_else(|| mistake(Fault::Range, "is out of range").accepts("the years 1900 to 2199"))
}

/// Whether a zone of this name is known.
#[must_use]
pub fn knows_zone(name: &str) -> bool {
    TimeZone::get(name).is_ok()
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

fn instant(text: &str) -> Option<Timestamp> {
    if text.ends_with(']') {
        return text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    }
    text.parse::<Timestamp>().ok()
}

fn minute_of(at: DateTime) -> Option<(i32, u16)> {
    let day = civil::day_number(i32::from(at.year()), i32::from(at.month()), i32::from(at.day()))?;
    let minute = u16::try_from(i32::from(at.hour()) * 60 + i32::from(at.minute())).ok()?;
    Some((day, minute))
}

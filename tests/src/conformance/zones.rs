//! Civil time: what clocks show around every change of forty zones. In: the zone database of the server. Out: for each zone
//! its changes from 1990 to 2060, as text that any host can compare with its own. Refuses offsets of fractions of a minute.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// Where the file stands, from the root.
pub const FILE: &str = "tests/conformance/zones.json";

/// Zones of every kind: with and without summer time, half and quarter hours, changes of the day and of the rule.
pub const ZONES: [&str; 40] = [
    "UTC",
    "Europe/Vienna",
    "Europe/Paris",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Madrid",
    "Europe/Helsinki",
    "Europe/Athens",
    "Europe/Istanbul",
    "Europe/Moscow",
    "Europe/Kyiv",
    "Atlantic/Azores",
    "Atlantic/Reykjavik",
    "Africa/Casablanca",
    "Africa/Cairo",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "America/St_Johns",
    "America/Havana",
    "America/Mexico_City",
    "America/Sao_Paulo",
    "America/Caracas",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "Pacific/Apia",
];

/// 1990-01-01 and 2060-01-01 in minutes since 1970.
pub const SPAN: [i64; 2] = [10_519_200, 47_336_400];

/// The changes of a zone: minutes since 1970, and how many minutes clocks are ahead of UTC from then on.
pub fn changes(zone: &str) -> Result<Vec<(i64, i64)>, String> {
    let zone = TimeZone::get(zone).map_err(|error| error.to_string())?;
    let instant = |minutes: i64| Timestamp::from_second(minutes * 60).map_err(|error| error.to_string());
    let ahead = |at: Timestamp| i64::from(zone.to_offset(at).seconds());
    let start = instant(SPAN[0])?;
    let mut changes = vec![(SPAN[0], ahead(start) / 60)];
    for change in zone.following(start) {
        let at = change.timestamp();
        if at.as_second() >= SPAN[1] * 60 {
            break;
        }
        // Databases also note moments at which nothing changes.
        if changes.last().is_some_and(|(_, before)| *before * 60 == ahead(at)) {
            continue;
        }
        if at.as_second() % 60 != 0 || ahead(at) % 60 != 0 {
            return Err(format!("{at} is not on a whole minute"));
        }
        changes.push((at.as_second() / 60, ahead(at) / 60));
    }
    Ok(changes)
}

/// The file.
pub fn text() -> Result<String, String> {
    let mut lines = Vec::new();
    for zone in ZONES {
        let changes: Vec<Value> = changes(zone)?.into_iter().map(|(at, ahead)| json!([at, ahead])).collect();
        lines.push(format!("{}:{}", json!(zone), Value::Array(changes)));
    }
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

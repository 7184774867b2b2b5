//! Civil time on a box is that of a server: around every change of forty zones (P3), and nowhere beyond the table.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use keyward_bundle::zone::{Zone, write};

const FROM: i32 = 10_519_200;
const UNTIL: i32 = 47_336_400;

fn file() -> String {
    std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/zones.json"))
        .expect("it is there")
}

/// The lines of the file: `"Europe/Paris":[[10519200,60],…],`.
fn zones(text: &str) -> Vec<(String, Vec<(i32, i16)>)> {
    let line = |line: &str| {
        let (name, rest) = line.trim_start_matches('"').split_once("\":")?;
        let numbers: Vec<i32> =
            rest.split(|c: char| !c.is_ascii_digit() && c != '-').filter_map(|number| number.parse().ok()).collect();
        let changes = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1] as i16));
        Some((name.to_string(), changes.collect()))
    };
    text.lines().filter_map(line).collect()
}

#[test]
fn p3_civil_time_on_a_box() {
    let (mut instants, mut bytes) = (0, 0);
    let zones = zones(&file());
    assert_eq!(zones.len(), 40);
    for (name, changes) in zones {
        let table = write((FROM, UNTIL), changes[0].1, &changes[1..]).expect("it can be written");
        bytes += table.len();
        let zone = Zone::read(&table).expect("it can be read");
        let known = TimeZone::get(&name).expect("the zone is known");
        let around = changes.iter().flat_map(|(at, _)| [at - 1, *at, at + 1, at + 59, at + 60, at + 1440]);
        let steps = (FROM..UNTIL).step_by(40_321);
        for minute in around.chain(steps).filter(|minute| (FROM..UNTIL).contains(minute)) {
            let instant = i64::from(minute) * 60 + i64::from(minute.rem_euclid(60));
            let clock = Timestamp::from_second(instant).expect("an instant").to_zoned(known.clone()).datetime();
            let day = clock.date().duration_since(jiff::civil::date(1970, 1, 1)).as_hours() / 24;
            let expected = (day as i32, clock.hour() as u16 * 60 + clock.minute() as u16);
            assert_eq!(zone.civil(instant), Some(expected), "{name} at {instant}");
            instants += 1;
        }
        for outside in [i64::MIN, i64::from(FROM) * 60 - 1, i64::from(UNTIL) * 60, i64::MAX] {
            assert_eq!(zone.civil(outside), None);
        }
    }
    println!("{instants} instants, {bytes} bytes for forty zones and seventy years");
}

#[test]
fn malformed_tables_are_refused() {
    let table = write((0, 1_000), 60, &[(100, 120), (200, 60)]).expect("it can be written");
    for end in 0..table.len() {
        assert!(Zone::read(&table[..end]).is_none(), "cut off at {end}");
    }
    assert!(Zone::read(&[&table[..], b"x"].concat()).is_none());
    for wrong in [
        write((0, 0), 0, &[]),
        write((10, 5), 0, &[]),
        write((0, 1_000), 1_500, &[]),
        write((0, 1_000), 60, &[(200, 60), (100, 120)]),
        write((0, 1_000), 60, &[(100, 60), (100, 120)]),
        write((0, 1_000), 60, &[(0, 60)]),
        write((0, 1_000), 60, &[(1_000, 60)]),
        write((0, 1_000), 60, &[(100, -1_441)]),
    ] {
        assert_eq!(wrong, None);
    }
}

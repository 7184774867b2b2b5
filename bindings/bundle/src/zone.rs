//! Civil time on a box, which has no zone database. In: the table of one zone, made by a host and shipped in a bundle, and an
//! instant. Out: the day number and the minute clocks show. Refuses instants the table does not cover.
//!
//! `KWZ1`, two bytes count, two bytes minutes ahead of UTC at first; then the first minute covered and the first one not
//! covered any more, four bytes each; then for each change four bytes minute since 1970 and two bytes minutes ahead from
//! then on. Signed numbers, little-endian, changes in order.

use alloc::vec::Vec;

/// The first bytes.
const MAGIC: &[u8; 4] = b"KWZ1";
const HEAD: usize = 16;
const CHANGE: usize = 6;

/// The table of one zone.
#[derive(Clone, Copy, Debug)]
pub struct Zone<'a> {
    bytes: &'a [u8],
}

impl<'a> Zone<'a> {
    /// Reads a table; nothing if it is malformed.
    #[must_use]
    pub fn read(bytes: &'a [u8]) -> Option<Zone<'a>> {
        let zone = Zone { bytes };
        let counted = bytes.len() == HEAD + CHANGE * zone.count();
        let sound = |number: usize| {
            let later = number == 0 || zone.at(number - 1) < zone.at(number);
            later && zone.from() < zone.at(number) && zone.at(number) < zone.until() && ahead(zone.ahead(number))
        };
        let whole = bytes.starts_with(MAGIC) && counted && zone.from() < zone.until() && ahead(zone.i16(6));
        (whole && (0..zone.count()).all(sound)).then_some(zone)
    }

    /// What clocks show at an instant, in seconds since 1970: the day number and the minute of the day.
    #[must_use]
    pub fn civil(&self, instant: i64) -> Option<(i32, u16)> {
        let minute = i32::try_from(instant.div_euclid(60)).ok()?;
        if minute < self.from() || minute >= self.until() {
            return None;
        }
        let (mut low, mut high) = (0, self.count());
        while low < high {
            let middle = (low + high) / 2;
            if self.at(middle) <= minute { low = middle + 1 } else { high = middle }
        }
        let ahead = if low == 0 { self.i16(6) } else { self.ahead(low - 1) };
        let local = minute + i32::from(ahead);
        Some((local.div_euclid(1440), local.rem_euclid(1440) as u16))
    }

    fn count(&self) -> usize {
        self.i16(4) as u16 as usize
    }

    fn from(&self) -> i32 {
        self.i32(8)
    }

    fn until(&self) -> i32 {
        self.i32(12)
    }

    fn at(&self, number: usize) -> i32 {
        self.i32(HEAD + CHANGE * number)
    }

    fn ahead(&self, number: usize) -> i16 {
        self.i16(HEAD + CHANGE * number + 4)
    }

    fn i16(&self, at: usize) -> i16 {
        self.bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |two| i16::from_le_bytes(*two))
    }

    fn i32(&self, at: usize) -> i32 {
        self.bytes.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |four| i32::from_le_bytes(*four))
    }
}

/// Whether clocks can be so many minutes ahead of UTC.
fn ahead(minutes: i16) -> bool {
    (-1440..=1440).contains(&minutes)
}

/// Writes a table: minutes covered, minutes ahead at first, changes in order. Nothing if it could not be read again.
#[must_use]
pub fn write(covered: (i32, i32), first: i16, changes: &[(i32, i16)]) -> Option<Vec<u8>> {
    let mut out = MAGIC.to_vec();
    out.extend(u16::try_from(changes.len()).ok()?.to_le_bytes());
    out.extend(first.to_le_bytes());
    out.extend(covered.0.to_le_bytes());
    out.extend(covered.1.to_le_bytes());
    for (at, ahead) in changes {
        out.extend(at.to_le_bytes());
        out.extend(ahead.to_le_bytes());
    }
    Zone::read(&out).is_some().then_some(out)
}

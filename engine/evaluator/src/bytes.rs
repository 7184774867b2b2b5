//! Little-endian reads and writes. Takes a slice and an offset, gives a number; a place outside the
//! slice reads as zero and swallows writes. Knows nothing of what the bytes mean.

/// The byte at `at`, or zero outside.
#[must_use]
#[inline(always)]
pub fn u8_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at) {
        Some(&byte) => byte as u32,
        None => 0,
    }
}

/// The two bytes at `at`, or zero outside.
#[must_use]
#[inline(always)]
pub fn u16_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at.wrapping_add(2)) {
        Some(&[a, b]) => u16::from_le_bytes([a, b]) as u32,
        _ => 0,
    }
}

/// The four bytes at `at`, or zero outside.
#[must_use]
#[inline(always)]
pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at.wrapping_add(4)) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// Writes four bytes at `at`; does nothing outside.
#[inline(always)]
pub fn put_u32(bytes: &mut [u8], at: usize, value: u32) {
    if let Some(place) = bytes.get_mut(at..at.wrapping_add(4)) {
        place.copy_from_slice(&value.to_le_bytes());
    }
}

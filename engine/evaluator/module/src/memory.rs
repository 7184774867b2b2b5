//! Reading and writing memory by place. In: a place, perhaps a value. Out: a number. The one file of the project with
//! `unsafe` code: the WebAssembly engine keeps every place inside the module's own memory. Refuses to know what stands
//! where.

/// A place further on.
#[inline(always)]
pub(crate) fn at(place: usize, by: usize) -> usize {
    // SAFETY: places are below 2 MiB, so no sum of two wraps.
    unsafe { place.unchecked_add(by) }
}

#[inline(always)]
pub(crate) fn byte(place: usize) -> u32 {
    // SAFETY: a read by place; the engine confines it to this module's memory. The same holds below.
    unsafe { *(place as *const u8) as u32 }
}

#[inline(always)]
pub(crate) fn half(place: usize) -> u32 {
    // SAFETY: as for `byte`.
    unsafe { (place as *const u16).read_unaligned() as u32 }
}

#[inline(always)]
pub(crate) fn signed_half(place: usize) -> i32 {
    // SAFETY: as for `byte`.
    unsafe { (place as *const i16).read_unaligned() as i32 }
}

#[inline(always)]
pub(crate) fn word(place: usize) -> u32 {
    // SAFETY: as for `byte`.
    unsafe { (place as *const u32).read_unaligned() }
}

#[inline(always)]
pub(crate) fn put_byte(place: usize, value: u32) {
    // SAFETY: a write by place: working memory, or a place in the window that the caller of the export has checked.
    unsafe { *(place as *mut u8) = value as u8 }
}

#[inline(always)]
pub(crate) fn put_half(place: usize, value: u32) {
    // SAFETY: as for `put_byte`.
    unsafe { (place as *mut u16).write_unaligned(value as u16) }
}

#[inline(always)]
pub(crate) fn put(place: usize, value: u32) {
    // SAFETY: as for `put_byte`.
    unsafe { (place as *mut u32).write_unaligned(value) }
}

/// Sets words to a value.
#[inline(never)]
pub(crate) fn fill(from: usize, to: usize, value: u32) {
    let mut place = from;
    while place != to {
        put(place, value);
        place = at(place, 4);
    }
}

#[inline(never)]
pub(crate) fn copy(from: usize, to: usize, words: usize) {
    let mut offset = 0;
    while offset < words << 2 {
        put(at(to, offset), word(at(from, offset)));
        offset = at(offset, 4);
    }
}

#[inline(always)]
pub(crate) fn or(place: usize, bits: u32) {
    put(place, word(place) | bits);
}

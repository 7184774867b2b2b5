//! keyward-device for C: the functions of `keyward.h`. In: pointers and lengths. Out: numbers. This is the one file of the house
//! with `unsafe` in it: each block turns a pointer and a length of the caller into a slice, after refusing null and lengths
//! that no object has; what the slices are used for is checked code.
#![cfg_attr(target_os = "none", no_std)]
#![allow(unsafe_code, reason = "C hands over pointers; reviewed, and nothing else happens here")]

use keyward_device::{Marks, OpenError, Policy, SmallScratch, Status, TableError};

/// The words of the checker's working memory: 1,600 bytes.
const WORDS: usize = 200;

/// `kw_policy`.
#[repr(C)]
pub struct Opened {
    table: *const u8,
    length: u32,
}

/// A slice of the caller's.
///
/// # Safety
/// `length` bytes from `start` on must be readable, and stay as they are for `'a`, unless `start` is null.
unsafe fn bytes<'a>(start: *const u8, length: u32) -> Option<&'a [u8]> {
    let length = usize::try_from(length).ok().filter(|length| isize::try_from(*length).is_ok())?;
    // SAFETY: not null, of a length that an object can have, and the caller vouches for the rest.
    if start.is_null() { None } else { Some(unsafe { core::slice::from_raw_parts(start, length) }) }
}

/// The policy that was opened.
///
/// # Safety
/// `policy` must be null or what `kw_open` filled in, and its bytes must still be there.
unsafe fn opened<'a>(policy: *const Opened) -> Option<Policy<'a>> {
    // SAFETY: the caller vouches for the struct and the bytes it names.
    let table = unsafe {
        let opened = policy.as_ref()?;
        bytes(opened.table, opened.length)?
    };
    Some(Policy::checked(table))
}

/// Checks a module and opens it.
///
/// # Safety
/// As `keyward.h` says: `policy` may be written, `length` bytes from `start` on may be read.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kw_open(policy: *mut Opened, start: *const u8, length: u32) -> u32 {
    // SAFETY: the caller vouches for both.
    let (room, module) = unsafe { (policy.as_mut(), bytes(start, length)) };
    let Some(room) = room else { return 4 };
    *room = Opened { table: core::ptr::null(), length: 0 };
    let Some(module) = module else { return 4 };
    match Policy::open(module, &mut Marks::<WORDS>::new()) {
        Ok(found) => {
            let table = found.table();
            *room = Opened { table: table.as_ptr(), length: table.len() as u32 };
            0
        }
        Err(OpenError::NotAPolicy | OpenError::Table(TableError::NotATable)) => 1,
        Err(OpenError::Table(TableError::TooMany)) => 3,
        Err(OpenError::Table(_)) => 2,
    }
}

/// The schema hash.
///
/// # Safety
/// `policy` must be null or have been opened.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kw_schema(policy: *const Opened) -> u32 {
    // SAFETY: passed on.
    unsafe { opened(policy) }.map_or(0, |policy| policy.schema_hash())
}

/// Bytes of an outcome.
///
/// # Safety
/// `policy` must be null or have been opened.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kw_outcome_length(policy: *const Opened, decision: u32) -> u32 {
    // SAFETY: passed on.
    unsafe { opened(policy) }.map_or(0, |policy| policy.outcome_len(decision) as u32)
}

/// Decides.
///
/// # Safety
/// `policy` must be null or have been opened; `request_length` bytes of `request` may be read, `outcome_length` bytes of `outcome`
/// written, and the two do not overlap.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kw_decide(
    policy: *const Opened,
    decision: u32,
    request: *const u8,
    request_length: u32,
    outcome: *mut u8,
    outcome_length: u32,
) -> u32 {
    // SAFETY: passed on; the outcome is the caller's alone while this runs.
    let found = unsafe {
        let outcome = bytes(outcome, outcome_length).map(|room| core::slice::from_raw_parts_mut(outcome, room.len()));
        (opened(policy), bytes(request, request_length), outcome)
    };
    match found {
        (Some(policy), Some(request), Some(outcome)) => {
            policy.decide(decision, request, outcome, &mut SmallScratch::new()).code()
        }
        _ => Status::SchemaMismatch.code(),
    }
}

#[cfg(target_os = "none")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {}
}

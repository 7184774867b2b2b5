//! What the firmware programs share. In: bytes, calls. Out: the pieces of the cases, how much stack a call used. Refuses to know
//! what is decided.
#![no_std]

/// The cases, one piece after the other.
pub struct Cases {
    rest: &'static [u8],
}

impl Cases {
    /// From the start.
    pub fn new(bytes: &'static [u8]) -> Cases {
        Cases { rest: bytes }
    }

    /// Four bytes.
    pub fn number(&mut self) -> u32 {
        let (number, rest) = self.rest.split_first_chunk().expect("a number");
        self.rest = rest;
        u32::from_le_bytes(*number)
    }

    /// Some bytes, as many as a number before them says.
    pub fn piece(&mut self) -> &'static [u8] {
        let length = self.number() as usize;
        let (piece, rest) = self.rest.split_at(length.next_multiple_of(4));
        self.rest = rest;
        &piece[..length]
    }
}

/// How deep the stack is looked at, and what lies above that belongs to the looking itself.
const DEEPEST: u32 = 48 << 10;
const OWN: u32 = 256;
const PAINT: u8 = 0xC5;

/// Calls something and raises `most` to the bytes of stack it used.
#[inline(never)]
pub fn used<T>(most: &mut u32, call: impl FnOnce() -> T) -> T {
    let top = cortex_m::register::msp::read() - OWN;
    for at in (top - DEEPEST..top).rev() {
        // Safe: memory of this board below the stack, which nobody uses now; there are no interrupts.
        unsafe { core::ptr::write_volatile(at as *mut u8, PAINT) };
    }
    let found = apart(call);
    let untouched =
        (top - DEEPEST..top).take_while(|at| unsafe { core::ptr::read_volatile(*at as *const u8) } == PAINT);
    *most = (*most).max(DEEPEST - untouched.count() as u32 + OWN);
    found
}

/// A call with a frame of its own, which lies below what is looked at from.
#[inline(never)]
fn apart<T>(call: impl FnOnce() -> T) -> T {
    call()
}

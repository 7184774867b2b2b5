//! The fixed loop: the evaluator behind the exports of ABI 1, compiled once to WebAssembly and put
//! unchanged into every policy module. In: numbers and places in its own memory. Out: a status or a
//! count. The one file of the project with `unsafe`: it reads and writes memory by place. The
//! WebAssembly engine keeps that inside the module; what the host passes is checked to lie in the
//! window behind the table, and what the table says was checked when the module was loaded.
//!
//! Memory: stack and working memory below 64 KiB, the table at 64 KiB, then the window: request,
//! outcome, rows, results.
#![no_std]

use keyward_evaluator::layout::{ABI, BATCH_ROWS, Status};
use keyward_evaluator::{Bytes, Room, Scratch, Table, decide, partial, result_len, why};

/// Where the table stands.
const TABLE: usize = 0x1_0000;

static mut SCRATCH: Scratch = Scratch::new();

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

/// The memory from a fixed place on.
#[derive(Clone, Copy)]
struct Fixed;

/// The memory from a given place on.
#[derive(Clone, Copy)]
struct At(usize);

impl Bytes for Fixed {
    fn len(self) -> usize {
        self.u32_at(8) as usize
    }

    #[inline(always)]
    fn u8_at(self, at: usize) -> u32 {
        At(TABLE).u8_at(at)
    }

    #[inline(always)]
    fn u16_at(self, at: usize) -> u32 {
        At(TABLE).u16_at(at)
    }

    #[inline(always)]
    fn u32_at(self, at: usize) -> u32 {
        At(TABLE).u32_at(at)
    }
}

impl Bytes for At {
    fn len(self) -> usize {
        usize::MAX
    }

    #[inline(always)]
    fn u8_at(self, at: usize) -> u32 {
        // SAFETY: a read by place; the engine confines it to this module's memory.
        unsafe { *((self.0 + at) as *const u8) as u32 }
    }

    #[inline(always)]
    fn u16_at(self, at: usize) -> u32 {
        // SAFETY: as above.
        unsafe { ((self.0 + at) as *const u16).read_unaligned() as u32 }
    }

    #[inline(always)]
    fn u32_at(self, at: usize) -> u32 {
        // SAFETY: as above.
        unsafe { ((self.0 + at) as *const u32).read_unaligned() }
    }
}

impl Room for At {
    fn room(&self) -> usize {
        usize::MAX
    }

    #[inline(always)]
    fn put(&mut self, at: usize, value: u32) {
        // SAFETY: the caller has checked that the outcome lies in the window, which holds neither
        // the table nor the working memory.
        unsafe { ((self.0 + at) as *mut u32).write_unaligned(value) }
    }
}

const POLICY: Table<Fixed> = Table { bytes: Fixed };

fn scratch() -> &'static mut Scratch {
    // SAFETY: a module has one thread, and no export calls another while it holds this.
    unsafe { &mut *(&raw mut SCRATCH) }
}

fn aligned(at: usize) -> usize {
    (at + 15) & !15
}

/// Whether both stretches lie in the window.
#[inline(never)]
fn inside(from: usize, from_len: usize, to: usize, to_len: usize) -> bool {
    let start = kw_request();
    let size = (core::arch::wasm32::memory_size(0) << 16) - start;
    let fits = |at: usize, len: usize| at - start <= size && len <= size - (at - start);
    fits(from, from_len) && fits(to, to_len)
}

/// The version of the ABI.
#[unsafe(no_mangle)]
pub extern "C" fn kw_abi() -> u32 {
    ABI
}

/// Where the host may put a request.
#[unsafe(no_mangle)]
pub extern "C" fn kw_request() -> usize {
    aligned(TABLE + Fixed.len())
}

/// Where the host may let an outcome be put.
#[unsafe(no_mangle)]
pub extern "C" fn kw_outcome() -> usize {
    aligned(kw_request() + POLICY.request_len())
}

/// Where the host may put the rows of a batch.
#[unsafe(no_mangle)]
pub extern "C" fn kw_rows() -> usize {
    aligned(kw_outcome() + POLICY.result_len())
}

/// Where the host may let the results of a batch be put.
#[unsafe(no_mangle)]
pub extern "C" fn kw_results() -> usize {
    kw_rows() + POLICY.request_len() * BATCH_ROWS as usize
}

/// Decides one request by walking the table.
#[unsafe(no_mangle)]
pub extern "C" fn kw_decide_table(decision: u32, request: usize, out: usize) -> u32 {
    if !inside(request, POLICY.request_len(), out, POLICY.outcome_len()) {
        return Status::SchemaMismatch.code();
    }
    decide(&POLICY, decision, At(request), &mut At(out), scratch()).code()
}

/// What is still possible when some inputs are unknown.
#[unsafe(no_mangle)]
pub extern "C" fn kw_partial(decision: u32, request: usize, out: usize) -> u32 {
    if !inside(request, POLICY.request_len(), out, POLICY.result_len()) {
        return Status::SchemaMismatch.code();
    }
    partial(&POLICY, decision, At(request), &mut At(out), scratch()).code()
}

/// Which rules decided.
#[unsafe(no_mangle)]
pub extern "C" fn kw_why(decision: u32, request: usize, out: usize) -> u32 {
    if !inside(request, POLICY.request_len(), out, POLICY.result_len()) {
        return 0;
    }
    why(&POLICY, decision, At(request), &mut At(out), scratch())
}

/// Decides up to 1,024 requests in a row; gives how many.
#[unsafe(no_mangle)]
pub extern "C" fn kw_batch(decision: u32, rows: usize, count: u32, out: usize) -> u32 {
    let count = count.min(BATCH_ROWS) as usize;
    let (request_len, outcome) = (POLICY.request_len(), result_len(&POLICY, decision));
    if outcome == 0 || !inside(rows, request_len * count, out, outcome * count) {
        return 0;
    }
    for row in 0..count {
        let (request, out) = (At(rows + row * request_len), At(out + row * outcome));
        decide(&POLICY, decision, request, &mut { out }, scratch());
    }
    count as u32
}

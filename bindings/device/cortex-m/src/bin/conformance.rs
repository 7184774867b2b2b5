//! The conformance cases on a Cortex-M. In: `target/conformance/cases.bin`. Out: on the console of the emulator how many cases
//! agree, how many bytes of stack a decision and a check took at most, and the exit code.
#![no_std]
#![no_main]

use core::mem::size_of;
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;
use keyward_cortex_m::{Cases, used};
use keyward_device::{Marks, Policy, Scratch, SmallScratch};

static CASES: &[u8] = include_bytes!(env!("KEYWARD_CASES"));

/// Most memory of a decision, and of opening a policy such as after_hours (whose marks take 1,600 bytes).
const LARGEST: u32 = 2048;
/// In a request's flags: something is unknown.
const KNOWN: u8 = 1;

#[panic_handler]
fn panic(info: &core::panic::PanicInfo) -> ! {
    hprintln!("{}", info);
    debug::exit(EXIT_FAILURE);
    loop {}
}

#[entry]
fn main() -> ! {
    let mut cases = Cases::new(CASES);
    let mut scratch = Scratch::new();
    let (mut policies, mut decided, mut small, mut wrong) = (0, 0, 0, 0);
    let (mut deciding, mut checking) = (0, 0);
    for _ in 0..cases.number() {
        let module = cases.piece();
        let opened = used(&mut checking, || Policy::open(module, &mut Marks::<4096>::new()));
        let Ok(policy) = opened else {
            hprintln!("policy {} is not opened", policies);
            debug::exit(EXIT_FAILURE);
            continue;
        };
        policies += 1;
        for _ in 0..cases.number() {
            let (decision, request, expected) = (cases.number(), cases.piece(), cases.piece());
            let mut outcome = [0xAA; 512];
            policy.decide(decision, request, &mut outcome, &mut scratch);
            let mut right = outcome.get(..expected.len()) == Some(expected);
            if request.get(4).is_some_and(|flags| flags & KNOWN == 0) {
                let mut again = [0x55; 512];
                used(&mut deciding, || policy.decide(decision, request, &mut again, &mut SmallScratch::new()));
                right &= again.get(..expected.len()) == Some(expected);
                small += 1;
            }
            decided += 1;
            wrong += u32::from(!right);
        }
    }
    hprintln!(
        "{} cases of {} policies, {} of them with 832 bytes of memory, {} differences",
        decided,
        policies,
        small,
        wrong
    );
    let beside = checking - size_of::<Marks<4096>>() as u32;
    hprintln!("stack: {} bytes for a decision, {} for opening a policy beside the checker's marks", deciding, beside);
    let right =
        wrong == 0 && decided > 1_500 && deciding <= LARGEST && beside + size_of::<Marks<200>>() as u32 <= LARGEST;
    debug::exit(if right { EXIT_SUCCESS } else { EXIT_FAILURE });
    loop {}
}

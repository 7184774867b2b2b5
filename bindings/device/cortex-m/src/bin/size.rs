//! A box that does nothing but open a policy and decide: what that takes in flash is the size of this program less that of the
//! empty one. In: addresses nobody fills in. Out: nothing; it is only measured.
#![no_std]
#![no_main]

use core::hint::black_box;
use cortex_m_rt::entry;
use keyward_device::{Marks, Policy, SmallScratch};

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    loop {}
}

#[entry]
fn main() -> ! {
    let module: &[u8] = black_box(&[]);
    let request: &[u8] = black_box(&[]);
    let mut outcome = [0; 256];
    if let Ok(policy) = Policy::open(module, &mut Marks::<100>::new()) {
        black_box(policy.decide(0, request, &mut outcome, &mut SmallScratch::new()));
        black_box(&outcome);
    }
    loop {}
}

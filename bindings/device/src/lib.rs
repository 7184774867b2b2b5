//! Keyward on a lock box. In: the bytes of a module or a bundle where they lie in flash, packed requests. Out: outcomes. A decision
//! needs no heap, no engine and 832 bytes of memory; any doubt is answered with the `if unsure` record, so the bin stays shut.
//! Refuses to know names: a box packs its requests with the header that `keyward types --as c` writes.
//!
//! ```
//! use keyward_device::{Policy, SmallScratch};
//! # fn decide(module: &[u8], request: &[u8]) -> Option<bool> {
//! let policy = Policy::open(module, &mut keyward_device::Marks::<200>::new()).ok()?;
//! let mut outcome = [0; 256];
//! let status = policy.decide(0, request, &mut outcome, &mut SmallScratch::new());
//! # Some(status == keyward_device::Status::Ok)
//! # }
//! ```
#![cfg_attr(not(test), no_std)]
#![forbid(unsafe_code)]

mod policy;
#[cfg(feature = "store")]
mod store;

#[cfg(feature = "store")]
pub use keyward_bundle as bundle;
pub use keyward_evaluator::{Marks, Scratch, SmallScratch, Status, TableError, Working};
pub use policy::{OpenError, Policy};
#[cfg(feature = "store")]
pub use store::{Flash, Store, StoreError};

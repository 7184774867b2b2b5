//! The Keyward evaluator: takes the bytes of a compiled policy table and the bytes of a request,
//! gives the bytes of an outcome. No heap, no `std`, no dependency, no `unsafe`, no panic: every
//! read is checked, and a table that lies is answered with a status other than ok.
//!
//! It knows nothing of source text, names, reasons or engines. The byte layouts are written down
//! in `engine/ABI.md`; [`layout`] holds the same facts as constants.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod bytes;
mod check;
mod classify;
mod identifiers;
pub mod layout;
mod outcome;
mod partial;
mod scratch;
mod search;
mod table;
mod walk;
mod why;

pub use bytes::{Bytes, Room};
pub use check::{Marks, TableError, check};
pub use classify::{class_at, date_parts};
pub use layout::Status;
pub use partial::partial;
pub use scratch::{Scratch, SmallScratch, Working};
pub use table::{Answer, Decision, Effect, Field, Group, Level, Rule, Table};
pub use walk::{batch, decide, result_len};
pub use why::why;

/// The fixed loop of every policy module (`module/`), without a policy.
pub const LOOP: &[u8] = include_bytes!("../loop.wasm");

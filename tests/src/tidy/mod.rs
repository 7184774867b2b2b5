//! The rules of the house, checked on text: who may import whom, what each file and each crate must carry.
//!
//! Every rule is a function from texts to findings, so that a test can plant a breach and see it caught.

pub mod crates;
pub mod files;
pub mod ranks;

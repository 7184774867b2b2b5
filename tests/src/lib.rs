//! The conformance suite of Keyward.

pub mod generate;

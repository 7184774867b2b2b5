//! The conformance suite of Keyward: what the tests in `tests/tests/` are made of.
//!
//! Text in, findings out. Nothing here is part of a product; it may read files, the crates it tests may not.

pub mod case;
pub mod comparison;
pub mod conformance;
pub mod corpus;
pub mod differential;
pub mod explained;
pub mod findings;
pub mod fuzz;
pub mod generate;
pub mod laws;
pub mod report;
pub mod repository;
pub mod requirements;
pub mod rust_text;
pub mod stages;
pub mod table;
pub mod tables;
pub mod tidy;
pub mod transcript;

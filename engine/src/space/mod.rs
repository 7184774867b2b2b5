//! The request space of a model: what its coordinates stand for, and what its conditions and rules are as diagrams.
//!
//! In: the coordinates, conditions and rules of a `Model`. Out: diagrams, day arithmetic, requests as bytes, classes and words.
//! Refuses to know: source text, and how conditions were written. Every pass that asks about sets of requests starts here.

pub mod answers;
pub mod classes;
pub mod conditions;
pub mod decides;
pub mod hours;
pub mod look;
pub mod packed;
pub mod sets;
pub mod slots;
pub mod terms;
pub mod words;

pub use crate::civil;

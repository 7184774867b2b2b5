//! The request space of a model: what its coordinates stand for, and what its conditions and rules are as diagrams.
//!
//! In: the coordinates, conditions and rules of a `Model`. Out: diagrams, day arithmetic, example requests in words.
//! Refuses to know: source text, and how conditions were written. Used by `lower`, `analyze` and `explain`.

pub mod answers;
pub mod civil;
pub mod conditions;
pub mod words;

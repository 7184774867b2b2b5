//! A comparison written down: for a terminal, for a pull request, for programs.
//!
//! In: a [`Comparison`](crate::compare::Comparison). Out: text, Markdown, JSON. Refuses to know how it was found.

mod json;
mod markdown;
mod text;
mod words;

pub use json::json;
pub use markdown::markdown;
pub use text::text;
pub use words::summary;

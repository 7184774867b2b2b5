//! Diagnostics as people and machines read them.
//! In: sources and diagnostics. Out: text for a terminal, or JSON. Refuses to know what a diagnostic means, and whether
//! there is a terminal: the caller says if it wants colour.

pub mod json;
pub mod text;

mod edits;
mod lines;
mod paint;
mod visible;

pub use paint::{Look, Paint};
pub use visible::{grouped, visible, wrap};

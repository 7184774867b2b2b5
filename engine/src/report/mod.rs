//! What the analyses found, written down: as text for a terminal, and as JSON, Markdown, HTML or SVG for others.
//!
//! In: the plain data of one analysis. Out: text. Refuses to know: diagrams, files, terminals.
//! One file or folder for each analysis; the command line and the browser show the same.

pub mod cases;
pub mod check;
pub mod compare;
pub mod draw;
pub mod index;
pub mod prove;
pub mod replay;
pub mod sheet;
pub mod survey;
pub mod table;
pub mod types;
pub mod why;

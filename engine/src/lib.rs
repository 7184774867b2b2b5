//! The Keyward policy compiler.
//!
//! `pipeline` puts the stages in a row; each stage is a module of its own.

pub mod civil;
pub mod span;

pub mod codes;
pub mod source;

pub mod diagnostic;

pub mod ast;

pub mod keywords;
pub mod schema;

pub mod typed;
pub mod value;

pub mod diagram;

pub mod model;

pub mod space;

pub mod analyze;
pub mod cases;
pub mod check;
pub mod compare;
pub mod draw;
pub mod emit;
pub mod eval;
pub mod explain;
pub mod format;
pub mod index;
pub mod lower;
pub mod mend;
pub mod parse;
pub mod render;
pub mod replay;
pub mod sheet;
pub mod survey;
pub mod tabulate;

pub mod report;

pub mod pipeline;

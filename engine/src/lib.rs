//! The Keyward policy compiler.

pub mod span;

pub mod codes;
pub mod source;

pub mod diagnostic;

pub mod ast;

pub mod keywords;

pub mod format;
pub mod parse;

//! The Keyward policy compiler.

pub mod diagram;

//! The Keyward policy compiler.

//! The conformance suite of Keyward.

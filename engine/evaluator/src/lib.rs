//! The Keyward evaluator.
#![no_std]

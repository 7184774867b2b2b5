//! What the grammar and the word table must have in common, and that reading never fails.
use super::*;

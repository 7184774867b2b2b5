//! The chores of the Keyward workspace.
fn main() {}

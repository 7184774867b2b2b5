//! Decide with compiled Keyward policies on a server.

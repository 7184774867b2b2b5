//! The reference host: a key system that asks its policies. In: HTTP requests of people and boxes, one master key, one folder. Out: keys that
//! move as the policies say, a log that proves it, messages. `http` is the door, `writer` the one thread that changes things, `store` the
//! disk; what it all means is `keyward-host-core`. Refuses to do half of anything.
#![forbid(unsafe_code)]

pub mod demo;
pub mod gateway;
pub mod hook;
pub mod http;
pub mod keys;
pub mod listen;
pub mod metrics;
pub mod operate;
pub mod outbox;
pub mod secret;
pub mod serve;
pub mod store;
pub mod verify;
pub mod writer;

//! Drives the real `keyward` binary: exit codes, streams, formats, every command, requests good and bad.
//! In: arguments, files, standard input. Out: what the binary wrote and its exit code. Refuses to look inside.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bundle;
mod cases;
mod commands;
mod diff;
mod looking;
mod prove;
mod replay;
mod requests;
mod run;
mod streams;
mod why;

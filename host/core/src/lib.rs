//! The key system as a pure state machine. In: an organization, a command, the time, chance. Out: entries for the log, records for the
//! vault, messages to send; and what to answer. An organization is the fold of its log (`org`, `apply`); commands are methods of
//! [`Turn`], one file per flow; policies are asked in `desk` and nowhere else. Refuses to know: storage, network, clock.
#![forbid(unsafe_code)]

pub mod alert;
pub mod card;
pub mod code;
pub mod desk;
pub mod event;
pub mod hours;
pub mod id;
pub mod kinds;
pub mod notice;
pub mod org;
pub mod procedure;
pub mod replay;
pub mod report;
pub mod review;
pub mod shelf;
pub mod unite;
pub mod vault;

mod apply;
mod apply_alerts;
mod apply_custody;
mod apply_policies;
mod apply_reviews;
mod approve;
mod booking;
mod consequence;
mod credential;
mod factor;
mod facts;
mod fault;
mod label;
mod login;
mod pickup;
mod recovery;
mod release;
mod setup;
mod studio;
mod swap;
mod tick;
mod turn;
mod visit;

pub use booking::Booked;
pub use factor::{Shown, masked};
pub use fault::{Done, Fault};
pub use label::label;
pub use login::{NewPassword, SESSION, SignedIn, session_of};
pub use release::Report;
pub use setup::{Duties, NewPerson, slug};
pub use swap::Swapped;
pub use turn::{Made, Message, Turn, plain};
pub use visit::{Next, Offer, Sent};

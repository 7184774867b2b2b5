//! Decide with compiled policies on a server. In: the bytes of a policy module, requests. Out: outcomes, what is still
//! possible, and which rules decided. It never sees source text and holds no compiler: a module is checked by the gate
//! and the table checker before any engine reads it, then runs under wasmtime.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use keyward_server::{Decider, Policy, Value};
//! let policy = Policy::load(&std::fs::read("after_hours.wasm")?)?;
//! let mut decider = Decider::new(&policy)?;
//! let mut request = policy.request();
//! request.set("person.suspended", Value::YesNo(false))?;
//! let outcome = decider.decide(0, &request.pack())?;
//! println!("{}", outcome.status.word());
//! # Ok(())
//! # }
//! ```

pub mod json;

mod decider;
mod error;
mod gate;
mod given;
mod live;
mod log;
mod policy;
mod request;
mod schema;
mod sections;
mod trust;

pub use decider::{Answer, Decider, Outcome, Part, Possible, Reason};
pub use error::{DecideError, LoadError, RequestError};
pub use given::Given;
pub use keyward_bundle as bundle;
pub use keyward_evaluator::Status;
pub use live::{ActivateError, Live, Worker};
pub use log::{LogWriter, RotatingLog, Seal};
pub use policy::Policy;
pub use request::{Duties, RequestBuilder, Value};
pub use schema::{
    AnswerInfo, AnswerKind, DecisionInfo, Default, Identity, InputInfo, InputType, Origin, Promise, Reasons, RuleWords,
    Schema,
};
pub use trust::{PUBLIC_KEY, TrustFile, hex, public_key, read_trust, zone_table};

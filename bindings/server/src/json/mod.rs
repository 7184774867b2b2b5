//! Requests from JSON and answers to JSON, by the vocabulary a module carries.
//! In: JSON text and a policy. Out: requests and readable answers. Refuses to decide.

mod answer;
mod civil;
mod mistake;
mod moment;
mod read;
mod request;
mod suggest;
mod value;
mod write;

pub use answer::{Because, Decided, Said};
pub use civil::{date_text, duration_text};
pub use mistake::{Fault, Mistake};
pub use moment::knows_zone;
pub use read::{Broken, DEEPEST, Json, Kind, LARGEST, Member};
pub use request::{Terms, read_request, refused_request};
pub use suggest::nearest;
pub use value::accepted;
pub use write::{array, object, string};

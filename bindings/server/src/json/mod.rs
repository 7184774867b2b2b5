//! Requests from JSON and answers to JSON, by the vocabulary a module carries.
//! In: JSON text and a module. Out: packed requests and readable answers. Refuses to decide.

mod answer;
mod bytes;
mod civil;
mod moment;
mod pack;
mod read;
mod request;
mod suggest;
mod value;
mod vocabulary;
mod write;

pub use answer::{Answer, Because, Part, Value, choose};
pub use civil::{date_text, duration_text};
pub use moment::knows_zone;
pub use pack::refused;
pub use read::{Broken, DEEPEST, Json, Kind as JsonKind, LARGEST, Member};
pub use request::{Fault, Request, RequestError, Terms};
pub use suggest::nearest;
pub use value::accepted;
pub use vocabulary::{
    Answer as DeclaredAnswer, Decision, Identity, Input, Kind as AnswerKind, Label, Origin, Packed, Reason, Type, Vocabulary,
};
pub use write::{array, object, string};

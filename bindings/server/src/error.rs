//! What can go wrong, with the reason in words. Refuses to hide one failure behind another.

use std::fmt;

use keyward_evaluator::TableError;

/// Why a module was not loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadError {
    /// Not a WebAssembly module, or a malformed one.
    NotAModule(String),
    /// Larger than a policy module may be.
    TooLarge,
    /// It holds something no policy module holds.
    Forbidden(&'static str),
    /// It was made by another version of the compiler, or by somebody else.
    ForeignLoop,
    /// Its table is malformed.
    Table(TableError),
    /// One of its sections is missing or malformed.
    Section(&'static str),
    /// The engine did not accept it.
    Engine(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::NotAModule(why) => write!(out, "this is not a valid WebAssembly module: {why}"),
            LoadError::TooLarge => write!(out, "this module is larger than a policy can be"),
            LoadError::Forbidden(what) => write!(out, "this is not a policy module: it has {what}"),
            LoadError::ForeignLoop => {
                write!(out, "this module was not made by this version of keyward: build the policy again")
            }
            LoadError::Table(error) => write!(out, "this module is damaged: {}", error.reason()),
            LoadError::Section(name) => {
                write!(out, "this module is damaged: its section {name} is missing or malformed")
            }
            LoadError::Engine(why) => write!(out, "the engine does not accept this module: {why}"),
        }
    }
}

impl std::error::Error for LoadError {}

/// Why a request could not be decided at all. (A request that is incomplete or invalid is decided: `if unsure`.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecideError {
    /// No policy of this name is obeyed.
    NoPolicy(String),
    /// The policy has no decision with this number.
    NoDecision(u32),
    /// The request has another length than the policy's.
    Length(usize, usize),
    /// More rows than one batch holds.
    TooManyRows(usize),
    /// The engine failed.
    Engine(String),
}

impl fmt::Display for DecideError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecideError::NoPolicy(name) => write!(out, "no policy {name} is obeyed here"),
            DecideError::NoDecision(number) => write!(out, "the policy has no decision number {number}"),
            DecideError::Length(found, wanted) => {
                write!(out, "the request has {found} bytes, the policy's have {wanted}")
            }
            DecideError::TooManyRows(rows) => write!(out, "{rows} rows are more than one batch holds"),
            DecideError::Engine(why) => write!(out, "the engine failed: {why}"),
        }
    }
}

impl std::error::Error for DecideError {}

/// Why a value could not be put into a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestError {
    /// The policy has no such input.
    UnknownInput(String),
    /// The input is not optional.
    NotOptional(String),
    /// The value has another type: input, what it takes.
    WrongType(String, &'static str),
    /// The input has no such value: input, value.
    UnknownValue(String, String),
    /// The value is out of range: input, the range in words.
    OutOfRange(String, String),
}

impl fmt::Display for RequestError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RequestError::UnknownInput(name) => write!(out, "the policy has no input `{name}`"),
            RequestError::NotOptional(name) => write!(out, "`{name}` must be set: it is not optional"),
            RequestError::WrongType(name, wanted) => write!(out, "`{name}` takes {wanted}"),
            RequestError::UnknownValue(name, value) => write!(out, "`{name}` has no value `{value}`"),
            RequestError::OutOfRange(name, range) => write!(out, "`{name}` must be {range}"),
        }
    }
}

impl std::error::Error for RequestError {}

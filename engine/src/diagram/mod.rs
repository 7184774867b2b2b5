//! Reduced ordered decision diagrams: many classes per coordinate, many terminals, many roots in one forest.
//!
//! In: coordinates with a number of classes each, conditions and values as calls. Out: canonical nodes, so that two
//! functions are equal exactly when their [`Ref`]s are equal, and exact answers about them (counts, examples, paths).
//! Refuses to know: policies, names, what a class or a terminal stands for.
//!
//! A node tests one coordinate and has *runs*: neighbouring classes that lead to the same place. A node whose runs all
//! agree does not exist. The order of the coordinates can be improved in place ([`Forest::sift`]): the [`Ref`]s of the
//! kept roots stay valid. Nothing here depends on the order of a hash table.

mod apply;
mod cofactor;
mod count;
mod exists;
mod forest;
mod measure;
mod memo;
mod path;
mod sift;
mod table;
#[cfg(test)]
mod tests;

pub use apply::Op;
pub use count::Count;
pub use forest::{DEFAULT_BUDGET, Exploded, Forest, Ref, Run};
pub use measure::Size;
pub use path::{Step, Visit};
pub use sift::Sifted;

//! Reading and writing policy files: what is read, what is refused and in which words, and that formatting changes nothing.

mod format;
mod generate;
mod hostile;
mod messages;
mod pages;
mod words;

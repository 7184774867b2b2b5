//! Fair clocks: the best of several rounds, rounds taken in turn.
//! In: pieces of work. Out: nanoseconds. Refuses to know what is timed.

use std::time::{Duration, Instant};

/// How long one piece of work takes.
pub fn time<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// The best of some runs of one piece of work.
pub fn best<T>(rounds: usize, mut work: impl FnMut() -> T) -> Duration {
    (0..rounds).map(|_| time(&mut work).1).min().unwrap_or_default()
}

/// Nanoseconds for one of so many.
pub fn each(whole: Duration, count: usize) -> f64 {
    whole.as_secs_f64() * 1e9 / (count.max(1)) as f64
}

//! Fair clocks: processor time of this thread, tasks taken in turn, the middle of several rounds.
//! In: pieces of work. Out: nanoseconds. Refuses to know what is timed.

use crate::Failure;
use cpu_time::ThreadTime;

/// The least, the middle and the greatest of some rounds, in nanoseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// The quickest round.
    pub least: f64,
    /// The round in the middle.
    pub middle: f64,
    /// The slowest round.
    pub most: f64,
}

impl Spread {
    /// What the rounds were, once sorted.
    pub fn of(mut rounds: Vec<f64>) -> Self {
        rounds.sort_by(f64::total_cmp);
        let at = |place: usize| rounds.get(place).copied().unwrap_or(0.0);
        Self { least: at(0), middle: at(rounds.len() / 2), most: at(rounds.len().saturating_sub(1)) }
    }

    /// The share of one of so many.
    pub fn each(self, count: usize) -> Self {
        let part = |whole: f64| whole / count.max(1) as f64;
        Self { least: part(self.least), middle: part(self.middle), most: part(self.most) }
    }

    /// In milliseconds.
    pub fn ms(self) -> f64 {
        self.middle / 1e6
    }
}

/// How much processor time one piece of work takes, in nanoseconds.
pub fn time<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let start = ThreadTime::now();
    let result = work();
    (result, start.elapsed().as_secs_f64() * 1e9)
}

/// A piece of work that can be repeated.
pub type Task<'t> = Box<dyn FnMut() -> Result<(), Failure> + 't>;

/// Runs all tasks once to warm up, then `rounds` times in turn, each round beginning with another task.
pub fn in_turn(rounds: usize, mut tasks: Vec<Task<'_>>) -> Result<Vec<Spread>, Failure> {
    for task in &mut tasks {
        task()?;
    }
    let count = tasks.len();
    let mut taken = vec![Vec::with_capacity(rounds); count];
    for round in 0..rounds {
        for step in 0..count {
            let place = (round + step) % count;
            if let (Some(task), Some(taken)) = (tasks.get_mut(place), taken.get_mut(place)) {
                let (result, nanoseconds) = time(task);
                result?;
                taken.push(nanoseconds);
            }
        }
    }
    Ok(taken.into_iter().map(Spread::of).collect())
}

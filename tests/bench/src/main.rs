//! Decision time, growth, sizes and compile time, as ratios within one run. In: which tables to print. Out: tables and goals on
//! standard output. Refuses to fail for a figure: a missed goal is printed as a miss, and only a wrong answer is an error.
//!
//! `cargo xtask bench` runs it; `check`, `ask`, `decide`, `doors`, `hosts`, `growth`, `replay` and `corpus` as arguments measure only that.

mod ask;
mod check;
mod clock;
mod corpus;
mod decide;
mod doors;
mod growth;
mod hand;
mod hosts;
mod machine;
mod policies;
mod replay;
mod report;
mod requests;
mod typed;

use report::Report;

/// Whatever went wrong, in words.
type Failure = Box<dyn std::error::Error>;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
struct Size {
    /// Unpredictable packed requests.
    requests: usize,
    /// Requests that are compared with the hand-written form before anything is timed.
    compared: usize,
    /// Requests that go through the doors.
    doors: usize,
    /// Rounds.
    rounds: usize,
}

const FULL: Size = Size { requests: 1 << 20, compared: 1 << 17, doors: 1 << 14, rounds: 9 };
const QUICK: Size = Size { requests: 1 << 16, compared: 1 << 16, doors: 1 << 12, rounds: 3 };

type Part = (&'static str, fn(Size, &mut Report) -> Result<(), Failure>);

const PARTS: [Part; 8] = [
    ("check", check::measure),
    ("ask", ask::measure),
    ("decide", decide::measure),
    ("doors", doors::measure),
    ("hosts", hosts::measure),
    ("growth", growth::measure),
    ("replay", replay::measure),
    ("corpus", corpus::measure),
];

fn main() -> Result<(), Failure> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let quick = take(&mut words, "--quick");
    let as_json = take(&mut words, "--format=json") || take_pair(&mut words, "--format", "json");
    let _ = take_pair(&mut words, "--format", "human");
    if let Some(unknown) = words.iter().find(|word| !PARTS.iter().any(|(name, _)| name == word)) {
        let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
        return Err(format!("nothing to measure is called `{unknown}`; there are {}", names.join(", ")).into());
    }
    let size = if quick { QUICK } else { FULL };
    let mut report = Report { measured_with: machine::describe(quick), ..Report::default() };
    for (name, measure) in PARTS {
        if words.is_empty() || words.iter().any(|word| word == name) {
            eprintln!("measuring {name}");
            measure(size, &mut report)?;
        }
    }
    println!("{}", if as_json { report.json() } else { report.text() });
    Ok(())
}

/// Takes a word out of the list.
fn take(words: &mut Vec<String>, word: &str) -> bool {
    let place = words.iter().position(|other| other == word);
    place.map(|place| words.remove(place)).is_some()
}

/// Takes two neighbouring words out of the list.
fn take_pair(words: &mut Vec<String>, first: &str, second: &str) -> bool {
    let place = words.windows(2).position(|pair| pair == [first, second]);
    place.map(|place| words.drain(place..place + 2)).is_some()
}

//! Rules without an anchor: each asks three inputs picked at random, so that every input meets every other.
//! In: how many inputs. Out: source text. Refuses to be like a policy somebody would write; that is what it is for.

use super::Sequence;
use std::fmt::Write;

/// Members of the set that the rules fill.
const MEMBERS: u64 = 8;

/// A soup of so many inputs and as many rules.
#[must_use]
pub fn keyward(inputs: usize) -> String {
    let mut sequence = Sequence::new(1984 + inputs as u64);
    let mut text = String::from("edition 2026\npolicy bench.soup version 1 \"Rules without an anchor\"\n\n");
    // A third each: yes or no, one of five, a number up to a hundred.
    for n in 0..inputs {
        let ty = match n % 3 {
            0 => "yes or no",
            1 => "one of a, b, c, d, e",
            _ => "a number from 0 to 100",
        };
        let _ = writeln!(text, "input i{n} is {ty}");
    }
    let members: Vec<String> = (0..MEMBERS).map(|n| format!("m{n}")).collect();
    let _ = writeln!(text, "\ndecision soup\n  answer level is the strictest of low, middle, high");
    let _ = writeln!(text, "  answer marks is a set of {}", members.join(", "));
    text.push_str("if unsure level is high\nnormally level is low\n  because \"No rule says otherwise.\"\n\n");
    for n in 0..inputs {
        let mut asked: Vec<usize> = Vec::new();
        while asked.len() < 3.min(inputs) {
            let input = usize::try_from(sequence.below(inputs as u64)).unwrap_or(0);
            if !asked.contains(&input) {
                asked.push(input);
            }
        }
        let tests: Vec<String> = asked.iter().map(|&input| test(input, &mut sequence)).collect();
        let level = if sequence.below(2) == 0 { "middle" } else { "high" };
        let _ = writeln!(
            text,
            "rule r{n}\n  when {}\n  then level is {level} and marks include m{}\n  because \"Rule {n} of the soup.\"\n",
            tests.join(" and "),
            sequence.below(MEMBERS)
        );
    }
    text
}

fn test(input: usize, sequence: &mut Sequence) -> String {
    match input % 3 {
        0 => format!("i{input} is {}", if sequence.below(2) == 0 { "yes" } else { "no" }),
        1 => {
            let first = sequence.below(4);
            let names = ["a", "b", "c", "d", "e"];
            let name = |place: u64| names.get(usize::try_from(place).unwrap_or(0)).copied().unwrap_or("a");
            format!("i{input} is one of {}, {}", name(first), name(first + 1))
        }
        _ => format!("i{input} is at least {}", 10 * (1 + sequence.below(9))),
    }
}

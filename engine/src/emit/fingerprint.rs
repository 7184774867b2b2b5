//! A fingerprint of what a policy means. In: the model. Out: sixteen bytes that depend on nothing but which valid request
//! gets which answers: not on rules, names of rules, their order, or how requests fall into classes. Equal meaning gives
//! equal bytes. Different meaning gives different bytes but for about one chance in 2^122; nothing guards against somebody who
//! looks for two policies that share them, so it is a hint, and `keyward diff` the proof. Where identifiers are asked to be
//! the same, it also depends on the order in which these inputs are declared and on the names that are mentioned; a value more
//! in a list that no rule asks about does not show.
//!
//! Every value of every input stands for a number of a prime field, all values of an input adding up to 1; a request stands
//! for the product of its values, and an answer for the sum of the requests that get it, each times a number for what it
//! says. A diagram gives that sum in one pass, since inputs it does not ask about multiply it by 1.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::diagram::{Exploded, Forest, Ref};
use crate::model::{BLANK, Classifier, Coordinate, Model, NO_LIMIT, Part, YES};
use crate::schema::{AnswerKind, Type};

/// 2^61 - 1.
const PRIME: u64 = (1 << 61) - 1;
/// No answer: the request is not valid.
const NOWHERE: u32 = 0x3FFF_FFFF;

/// Two numbers of the field, from two families of numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Pair([u64; 2]);

impl Pair {
    const ONE: Pair = Pair([1; 2]);

    fn plus(self, other: Pair) -> Pair {
        Pair([0, 1].map(|lane| (self.0[lane] + other.0[lane]) % PRIME))
    }

    fn minus(self, other: Pair) -> Pair {
        Pair([0, 1].map(|lane| (self.0[lane] + PRIME - other.0[lane]) % PRIME))
    }

    fn times(self, other: Pair) -> Pair {
        let product = |lane: usize| u128::from(self.0[lane]) * u128::from(other.0[lane]) % u128::from(PRIME);
        Pair([0, 1].map(|lane| product(lane) as u64))
    }
}

/// The fingerprint of a model; the forest is a copy to work in.
pub(super) fn fingerprint(model: &Model, forest: &mut Forest) -> Result<[u8; 16], Exploded> {
    let weights: Vec<Vec<Pair>> = model.coordinates.iter().map(|it| weights(model, it)).collect();
    let mut all = Pair::default();
    for (decision, declared) in model.decisions.iter().zip(&model.schema.decisions) {
        for (answer, it) in decision.answers.iter().zip(&declared.answers) {
            for (member, &root) in answer.roots.iter().enumerate() {
                let says = |value: u32| match (&it.kind, value) {
                    (_, BLANK) => "blank".to_string(),
                    (AnswerKind::SetOf(members), _) => {
                        let name = members.get(member).map_or("", |label| label.name.as_str());
                        format!("{name}\0{}", if value == YES { "in" } else { "out" })
                    }
                    (_, NO_LIMIT) => "no limit".to_string(),
                    (AnswerKind::Shortest(_), _) => {
                        answer.durations.get(value as usize).map_or(String::new(), |minutes| minutes.to_string())
                    }
                    (kind, _) => kind.labels().get(value as usize).map_or(String::new(), |label| label.name.clone()),
                };
                let part = if matches!(it.kind, AnswerKind::SetOf(_)) { member.to_string() } else { String::new() };
                let kind = if part.is_empty() { "answer" } else { "member" };
                let number = |value: u32| named(&[kind, &declared.name, &it.name, &says(value)]);
                let shown = forest.if_then_else(model.valid, root, Ref::terminal(NOWHERE))?;
                all = all.plus(sum(forest, shown, &weights, number));
            }
        }
    }
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&all.0[0].to_le_bytes());
    bytes[8..].copy_from_slice(&all.0[1].to_le_bytes());
    Ok(bytes)
}

/// The sum over all requests.
fn sum(forest: &Forest, root: Ref, weights: &[Vec<Pair>], number: impl Fn(u32) -> Pair) -> Pair {
    let mut known: BTreeMap<Ref, Pair> = BTreeMap::new();
    for value in forest.values(&[root]) {
        known.insert(Ref::terminal(value), if value == NOWHERE { Pair::default() } else { number(value) });
    }
    for &node in forest.reached(&[root]).iter().rev() {
        let classes =
            forest.coordinate(node).and_then(|it| weights.get(usize::from(it))).map_or(&[][..], Vec::as_slice);
        let (mut total, mut first) = (Pair::default(), 0);
        for run in forest.runs(node) {
            let last = (run.last as usize + 1).min(classes.len());
            let weight = classes[first.min(last)..last].iter().fold(Pair::default(), |sum, class| sum.plus(*class));
            total = total.plus(weight.times(known.get(&run.to).copied().unwrap_or_default()));
            first = last;
        }
        known.insert(node, total);
    }
    known.get(&root).copied().unwrap_or_default()
}

/// The number of every class: the sum of those of its values.
fn weights(model: &Model, coordinate: &Coordinate) -> Vec<Pair> {
    let input = &model.schema.inputs[coordinate.input];
    let member = match (&input.ty, coordinate.part) {
        (Type::SetOf(members), Part::Member(member)) => {
            members.get(usize::from(member)).map(|label| label.name.clone())
        }
        _ => None,
    };
    let part = match coordinate.part {
        Part::Whole => "whole",
        Part::Presence => "presence",
        Part::Date => "date",
        Part::Time => "time",
        Part::Member(_) => "member",
    };
    let key = [input.name.as_str(), part, member.as_deref().unwrap_or_default()];
    let value = |name: &str| named(&["value", key[0], key[1], key[2], name]);
    let mut found = vec![Pair::default(); coordinate.classes as usize];
    let mut add = |class: usize, number: Pair| {
        if let Some(weight) = found.get_mut(class) {
            *weight = weight.plus(number);
        }
    };
    let mut left = Pair::ONE;
    if let Some(class) = coordinate.classifier.not_set() {
        let number = value("not set");
        add(usize::from(class), number);
        left = left.minus(number);
    }
    match &coordinate.classifier {
        Classifier::Identifier { known, same_as, .. } => {
            let names = match input.ty {
                Type::Identifier(kind) => model.schema.identifiers.get(kind).map_or(&[][..], |kind| &kind.names[..]),
                _ => &[],
            };
            let known = *known as usize;
            let others = same_as.iter().map(|&other| value(&format!("same as\0{}", model.schema.inputs[other].name)));
            for (class, number) in
                names.iter().take(known).map(|name| value(&format!("name\0{name}"))).chain(others).enumerate()
            {
                add(class, number);
                left = left.minus(number);
            }
            add(known + same_as.len(), left);
        }
        Classifier::Direct { classes, .. } => {
            for (raw, &class) in classes.iter().enumerate() {
                let number = match &input.ty {
                    _ if raw + 1 == classes.len() => left,
                    Type::OneOf(labels) => value(labels.get(raw).map_or("", |label| label.name.as_str())),
                    _ => value(&raw.to_string()),
                };
                add(usize::from(class), number);
                left = left.minus(number);
            }
        }
        // All values below a bound have a number; the values between two bounds have the difference.
        Classifier::Bounds { .. } | Classifier::Date { .. } => {
            let ends = coordinate.ranges.iter().flatten();
            let (least, greatest) = ends.fold((i64::MAX, i64::MIN), |ends, it| (ends.0.min(it.0), ends.1.max(it.1)));
            let own = value("below");
            let below = |raw: i64| match raw {
                _ if raw <= least => Pair::default(),
                _ if raw > greatest => left,
                _ => Pair([0, 1].map(|lane| mixed(own.0[lane], raw.cast_unsigned()))),
            };
            for (class, ranges) in coordinate.ranges.iter().enumerate() {
                for &(first, last) in ranges {
                    add(class, below(last.saturating_add(1)).minus(below(first)));
                }
            }
        }
    }
    found
}

/// A number for some words.
fn named(words: &[&str]) -> Pair {
    let mut hash = Sha256::new();
    hash.update(b"keyward fingerprint 1");
    for word in words {
        hash.update((word.len() as u32).to_le_bytes());
        hash.update(word);
    }
    let hash = hash.finalize();
    let lane = |at: usize| hash[at..at + 8].iter().rev().fold(0u64, |all, &byte| all << 8 | u64::from(byte));
    Pair([lane(0) % PRIME, lane(8) % PRIME])
}

/// A number for a number, another one for each `own`.
fn mixed(own: u64, raw: u64) -> u64 {
    let mut it = own.wrapping_add(raw.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    it = (it ^ it >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    it = (it ^ it >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    (it ^ it >> 31) % PRIME
}

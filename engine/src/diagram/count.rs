//! Exact counting: whole numbers without an upper bound, and how many requests lead to each value.
//!
//! In: functions and the weight of every class. Out: [`Count`]s and shares in words.
//! Refuses to know: what is being counted. Nothing is rounded before it is printed.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use super::forest::{Forest, Ref};

/// A whole number of any size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Count {
    /// The lowest 128 bits: nearly always all of it.
    low: u128,
    /// What is above, base 2^64, lowest first, no zeros at the end.
    high: Vec<u64>,
}

impl Count {
    /// Nothing.
    pub const ZERO: Count = Count { low: 0, high: Vec::new() };

    /// True for nothing.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.low == 0 && self.high.is_empty()
    }

    /// The number, if it fits.
    #[must_use]
    pub fn to_u128(&self) -> Option<u128> {
        self.high.is_empty().then_some(self.low)
    }

    /// Adds `other` times `factor`.
    pub fn add_times(&mut self, other: &Count, factor: u64) {
        if self.high.is_empty()
            && other.high.is_empty()
            && let Some(product) = other.low.checked_mul(u128::from(factor))
            && let Some(sum) = self.low.checked_add(product)
        {
            self.low = sum;
            return;
        }
        let (mut limbs, more) = (self.limbs(), other.limbs());
        let mut carry = 0u128;
        for at in 0.. {
            let more = more.get(at).copied();
            if more.is_none() && carry == 0 {
                break;
            }
            if at == limbs.len() {
                limbs.push(0);
            }
            let sum = u128::from(limbs[at]) + u128::from(more.unwrap_or(0)) * u128::from(factor) + carry;
            limbs[at] = sum as u64;
            carry = sum >> 64;
        }
        *self = Count::from_limbs(limbs);
    }

    /// Multiplies in place.
    pub fn multiply(&mut self, factor: u64) {
        if self.high.is_empty()
            && let Some(product) = self.low.checked_mul(u128::from(factor))
        {
            self.low = product;
            return;
        }
        let other = std::mem::take(self);
        self.add_times(&other, factor);
    }

    /// The share of `whole` as a percentage: `1.25%`, `13%`, `less than 0.01%`.
    #[must_use]
    pub fn percent_of(&self, whole: &Count) -> String {
        if self.is_zero() || whole.is_zero() {
            return "0%".to_string();
        }
        if self == whole {
            return "100%".to_string();
        }
        // Hundredths of a percent, halves up: the largest h with 2·h·whole <= 2·10000·self + whole.
        let mut twice = Count::ZERO;
        twice.add_times(self, 20_000);
        twice.add_times(whole, 1);
        let (mut low, mut high) = (0u64, 10_000u64);
        while low < high {
            let middle = (low + high).div_ceil(2);
            let mut product = whole.clone();
            product.multiply(2 * middle);
            if product <= twice {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        match (low, self < whole) {
            (0, _) => "less than 0.01%".to_string(),
            (10_000, true) => "more than 99.99%".to_string(),
            (share, _) if share % 100 == 0 => format!("{}%", share / 100),
            (share, _) if share % 10 == 0 => format!("{}.{}%", share / 100, share % 100 / 10),
            (share, _) => format!("{}.{:02}%", share / 100, share % 100),
        }
    }

    /// The number in decimal digits only: `3800354400`.
    #[must_use]
    pub fn digits(&self) -> String {
        self.to_string().replace(',', "")
    }

    /// Base 2^64, lowest first, no zeros at the end.
    fn limbs(&self) -> Vec<u64> {
        let mut limbs = vec![self.low as u64, (self.low >> 64) as u64];
        limbs.extend_from_slice(&self.high);
        trim(&mut limbs);
        limbs
    }

    fn from_limbs(mut limbs: Vec<u64>) -> Count {
        trim(&mut limbs);
        let limb = |at| u128::from(limbs.get(at).copied().unwrap_or(0));
        Count { low: limb(1) << 64 | limb(0), high: limbs.get(2..).unwrap_or_default().to_vec() }
    }

    /// The number without its last three digits, and those.
    fn split_thousand(&self) -> (Count, u64) {
        let mut rest = 0u128;
        let mut limbs = self.limbs();
        for limb in limbs.iter_mut().rev() {
            let value = rest << 64 | u128::from(*limb);
            *limb = (value / 1000) as u64;
            rest = value % 1000;
        }
        (Count::from_limbs(limbs), rest as u64)
    }
}

fn trim(limbs: &mut Vec<u64>) {
    while limbs.last() == Some(&0) {
        limbs.pop();
    }
}

impl From<u64> for Count {
    fn from(value: u64) -> Count {
        Count { low: u128::from(value), high: Vec::new() }
    }
}

impl PartialOrd for Count {
    fn partial_cmp(&self, other: &Count) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Count {
    fn cmp(&self, other: &Count) -> Ordering {
        let length = self.high.len().cmp(&other.high.len());
        length.then_with(|| self.high.iter().rev().cmp(other.high.iter().rev())).then(self.low.cmp(&other.low))
    }
}

impl fmt::Display for Count {
    /// With commas between thousands: `3,800,354,400`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut rest, last) = self.split_thousand();
        let mut groups = vec![last];
        while !rest.is_zero() {
            let (fewer, group) = rest.split_thousand();
            groups.push(group);
            rest = fewer;
        }
        let mut text = groups.last().copied().unwrap_or(0).to_string();
        for group in groups.iter().rev().skip(1) {
            text.push_str(&format!(",{group:03}"));
        }
        f.write_str(&text)
    }
}

impl Forest {
    /// How many requests lead to each value of `f`, when class `c` of coordinate `i` stands for `weights[i][c]` values.
    #[must_use]
    pub fn counts(&self, f: Ref, weights: &[Vec<u64>]) -> BTreeMap<u32, Count> {
        let all: Vec<u64> = self.widths.iter().enumerate().map(|(i, &n)| range(weights, i, 0, n)).collect();
        let bottom = self.order.len() as u16;
        let mut found = BTreeMap::new();
        // What reaches each node: the number of ways to choose the coordinates above it.
        let nodes = self.reached(&[f]);
        let mut index = vec![0u32; self.nodes.len()];
        nodes.iter().zip(0u32..).for_each(|(node, at)| index[node.0 as usize] = at);
        let mut mass: Vec<Count> = vec![Count::ZERO; nodes.len()];
        let skip = |mut ways: Count, from: u16, to: u16| {
            for level in from..to {
                ways.multiply(all[self.order[level as usize] as usize]);
            }
            ways
        };
        let mut arrive = |mass: &mut Vec<Count>, to: Ref, ways: &Count| match to.value() {
            Some(value) => found.entry(value).or_insert(Count::ZERO).add_times(ways, 1),
            None => mass[index[to.0 as usize] as usize].add_times(ways, 1),
        };
        let whole = skip(Count::from(1), 0, self.level(f).min(bottom));
        arrive(&mut mass, f, &whole);
        for (at, &node) in nodes.iter().enumerate() {
            let Some(coordinate) = self.coordinate(node) else {
                continue;
            };
            let here = std::mem::take(&mut mass[at]);
            let below = self.level(node) + 1;
            let mut first = 0;
            for run in self.runs(node) {
                let mut ways = here.clone();
                ways.multiply(range(weights, coordinate as usize, first, run.last + 1));
                let ways = skip(ways, below, self.level(run.to));
                arrive(&mut mass, run.to, &ways);
                first = run.last + 1;
            }
        }
        found.retain(|_, ways| !ways.is_zero());
        found
    }

    /// How many requests make `f` true.
    #[must_use]
    pub fn count_true(&self, f: Ref, weights: &[Vec<u64>]) -> Count {
        let mut counts = self.counts(f, weights);
        counts.remove(&1).unwrap_or_default()
    }
}

/// The weight of the classes `from..to` of one coordinate.
fn range(weights: &[Vec<u64>], coordinate: usize, from: u32, to: u32) -> u64 {
    let classes = weights.get(coordinate).map_or(&[][..], Vec::as_slice);
    classes.iter().take(to as usize).skip(from as usize).sum()
}

//! Where the parts of a diagram stand: in rows, ordered so that few ways cross, each with room of its own.
//!
//! In: rows of items with widths, and which items of neighbouring rows are joined. Out: the middle of every item.
//! Refuses to know: what an item is. The labels of ways are items too, so nothing overlaps by construction.

/// Room between two items.
const GAP: i64 = 18;
/// How often rows are put in order, and how often items are moved.
const ROUNDS: usize = 16;

/// Items in rows.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The width of each item.
    pub(super) widths: Vec<i64>,
    /// The items of each row, from left to right.
    pub(super) rows: Vec<Vec<usize>>,
    /// Items of one row joined with items of the next.
    pub(super) joined: Vec<(usize, usize)>,
    /// The middle of each item.
    pub(super) middle: Vec<i64>,
}

impl Layout {
    /// Adds an item to a row.
    pub(super) fn add(&mut self, row: usize, width: i64) -> usize {
        if self.rows.len() <= row {
            self.rows.resize(row + 1, Vec::new());
        }
        let item = self.widths.len();
        self.widths.push(width);
        self.rows[row].push(item);
        item
    }

    /// Finds the places; the leftmost item starts at `left`. Returns the width of all.
    pub(super) fn settle(&mut self, left: i64) -> i64 {
        let (up, down) = self.neighbours();
        let mut place = vec![0i64; self.widths.len()];
        self.number(&mut place);
        for round in 0..ROUNDS {
            let towards = if round % 2 == 0 { &up } else { &down };
            for row in self.in_turn(round) {
                let mut keys: Vec<(i64, i64, usize)> = Vec::new();
                for &item in &self.rows[row] {
                    let near = &towards[item];
                    let sum: i64 = near.iter().map(|&other| place[other]).sum();
                    let key = if near.is_empty() { place[item] * 1000 } else { sum * 1000 / near.len() as i64 };
                    keys.push((key, place[item], item));
                }
                keys.sort_unstable();
                self.rows[row] = keys.into_iter().map(|(.., item)| item).collect();
                for (at, &item) in self.rows[row].iter().enumerate() {
                    place[item] = at as i64;
                }
            }
        }
        self.middle = vec![0; self.widths.len()];
        for row in 0..self.rows.len() {
            self.move_row(row, None);
        }
        for round in 0..ROUNDS {
            let towards = if round % 2 == 0 { &up } else { &down };
            for row in self.in_turn(round) {
                self.move_row(row, Some(towards));
            }
        }
        let items = 0..self.widths.len();
        let least = items.clone().map(|item| self.middle[item] - self.widths[item] / 2).min().unwrap_or(0);
        self.middle.iter_mut().for_each(|middle| *middle += left - least);
        items.map(|item| self.middle[item] + self.widths[item] / 2).max().unwrap_or(left)
    }

    fn in_turn(&self, round: usize) -> Vec<usize> {
        let rows = 0..self.rows.len();
        if round.is_multiple_of(2) { rows.collect() } else { rows.rev().collect() }
    }

    fn number(&self, place: &mut [i64]) {
        for row in &self.rows {
            row.iter().zip(0..).for_each(|(&item, at)| place[item] = at);
        }
    }

    fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let mut up = vec![Vec::new(); self.widths.len()];
        let mut down = up.clone();
        for &(above, below) in &self.joined {
            up[below].push(above);
            down[above].push(below);
        }
        (up, down)
    }

    /// Moves the items of a row as near to their neighbours as order and room allow: blocks that push each other move as one.
    fn move_row(&mut self, row: usize, towards: Option<&Vec<Vec<usize>>>) {
        let items = self.rows[row].clone();
        let mut offset = 0;
        let mut blocks: Vec<(i64, i64, usize)> = Vec::new();
        let mut offsets = Vec::with_capacity(items.len());
        for (at, &item) in items.iter().enumerate() {
            if at > 0 {
                offset += (self.widths[items[at - 1]] + self.widths[item]) / 2 + GAP;
            }
            offsets.push(offset);
            let near = towards.map_or(&[][..], |towards| &towards[item]);
            let wish = match near.is_empty() {
                true => self.middle[item],
                false => near.iter().map(|&other| self.middle[other]).sum::<i64>() / near.len() as i64,
            };
            blocks.push((wish - offset, 1, 1));
            while let [.., before, last] = blocks.as_slice()
                && before.0 * last.1 > last.0 * before.1
            {
                let (before, last) = (*before, *last);
                blocks.truncate(blocks.len() - 2);
                blocks.push((before.0 + last.0, before.1 + last.1, before.2 + last.2));
            }
        }
        let mut at = 0;
        for (sum, weight, count) in blocks {
            for _ in 0..count {
                self.middle[items[at]] = sum.div_euclid(weight) + offsets[at];
                at += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{GAP, Layout};

    #[test]
    fn items_of_a_row_never_overlap() {
        let mut layout = Layout::default();
        let mut rows = Vec::new();
        for row in 0..6 {
            let items: Vec<usize> =
                (0..7).map(|at| layout.add(row, 20 + 31 * ((at * 7 + row as i64 * 5) % 6))).collect();
            rows.push(items);
        }
        for row in 0..5 {
            for at in 0..7 {
                layout.joined.push((rows[row][at], rows[row + 1][(at * 3 + row) % 7]));
                layout.joined.push((rows[row][at], rows[row + 1][(at * 5 + 1) % 7]));
            }
        }
        let width = layout.settle(10);
        for row in &layout.rows {
            for pair in row.windows(2) {
                let room = layout.middle[pair[1]] - layout.middle[pair[0]];
                assert!(room >= (layout.widths[pair[0]] + layout.widths[pair[1]]) / 2 + GAP - 1);
            }
            for &item in row {
                assert!(layout.middle[item] - layout.widths[item] / 2 >= 10);
                assert!(layout.middle[item] + layout.widths[item] / 2 <= width);
            }
        }
    }
}

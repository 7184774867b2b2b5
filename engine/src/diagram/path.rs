//! Examples: the cheapest way to a wanted value, and a walk over all ways.
//!
//! In: functions, wanted values, what each class costs. Out: classes by coordinate.
//! Refuses to know: what makes a class familiar; the caller's costs say it.

use super::forest::{Forest, Ref};

/// One step of a path: a coordinate and the classes it may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// The coordinate tested.
    pub coordinate: u16,
    /// The lowest class.
    pub first: u32,
    /// The highest class.
    pub last: u32,
}

/// Receives a path and its value; says whether to go on.
pub type Visit<'a> = &'a mut dyn FnMut(&[Step], u32) -> bool;

impl Forest {
    /// The cheapest way from `f` to a value that `wanted` accepts: for each coordinate the class needed, or nothing when
    /// it does not matter. Ties go to the lowest class. Nothing when no such value is reached.
    #[must_use]
    pub fn witness(
        &self,
        f: Ref,
        wanted: impl Fn(u32) -> bool,
        cost: impl Fn(u16, u32) -> u32,
    ) -> Option<Vec<Option<u32>>> {
        let nodes = self.reached(&[f]);
        let mut index = vec![0u32; self.nodes.len()];
        nodes.iter().zip(0u32..).for_each(|(node, at)| index[node.0 as usize] = at);
        let index = |f: Ref| index[f.0 as usize] as usize;
        let mut best: Vec<Option<(u64, u32)>> = vec![None; nodes.len()];
        let price = |best: &[Option<(u64, u32)>], to: Ref| match to.value() {
            Some(value) => wanted(value).then_some(0),
            None => best[index(to)].map(|(price, _)| price),
        };
        for &node in nodes.iter().rev() {
            let coordinate = self.coordinate(node)?;
            let mut first = 0;
            for run in self.runs(node) {
                if let Some(below) = price(&best, run.to) {
                    let cheapest = (first..=run.last).map(|class| (cost(coordinate, class), class)).min();
                    if let Some((own, class)) = cheapest {
                        let total = below + u64::from(own);
                        let slot = &mut best[index(node)];
                        if slot.is_none_or(|(price, _)| total < price) {
                            *slot = Some((total, class));
                        }
                    }
                }
                first = run.last + 1;
            }
        }
        price(&best, f)?;
        let mut classes = vec![None; self.widths.len()];
        let mut at = f;
        while let Some(coordinate) = self.coordinate(at) {
            let (_, class) = best[index(at)]?;
            classes[coordinate as usize] = Some(class);
            at = self.child(at, class);
        }
        Some(classes)
    }

    /// Calls `visit` for every path of `f`, in order, with its steps and its value,
    /// until `visit` returns false. Returns whether all paths were visited.
    pub fn paths(&self, f: Ref, visit: Visit<'_>) -> bool {
        self.paths_below(f, &mut Vec::new(), visit)
    }

    fn paths_below(&self, f: Ref, steps: &mut Vec<Step>, visit: Visit<'_>) -> bool {
        let Some(coordinate) = self.coordinate(f) else {
            return visit(steps, f.value().unwrap_or_default());
        };
        let mut first = 0;
        for run in self.runs(f) {
            steps.push(Step { coordinate, first, last: run.last });
            let go_on = self.paths_below(run.to, steps, visit);
            steps.pop();
            if !go_on {
                return false;
            }
            first = run.last + 1;
        }
        true
    }
}

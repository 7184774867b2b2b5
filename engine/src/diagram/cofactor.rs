//! Fixing a coordinate, and making a function smaller where its value does not matter.
//!
//! In: functions, a coordinate and a class, or the requests that count. Out: functions.
//! Refuses to know: why a coordinate is fixed or a request does not count.

use super::apply::{COFACTOR, SIMPLIFY};
use super::forest::{Exploded, Forest, Ref};

impl Forest {
    /// The function where `coordinate` has class `class`; the result no longer depends on that coordinate.
    pub fn cofactor(&mut self, f: Ref, coordinate: u16, class: u32) -> Result<Ref, Exploded> {
        let base = self.stack.len();
        let result = self.cofactor_below(f, coordinate, class);
        self.stack.truncate(base);
        result
    }

    /// A function equal to `f` wherever `care` is true, and made of values `f` takes there: usually smaller.
    /// Nothing is promised elsewhere. When `care` is nowhere true, `f` itself.
    pub fn simplify(&mut self, f: Ref, care: Ref) -> Result<Ref, Exploded> {
        if care == Ref::FALSE {
            return Ok(f);
        }
        let base = self.stack.len();
        let result = self.simplify_below(f, care);
        self.stack.truncate(base);
        result
    }

    fn cofactor_below(&mut self, f: Ref, coordinate: u16, class: u32) -> Result<Ref, Exploded> {
        let target = self.place[coordinate as usize];
        let Some(here) = self.coordinate(f) else {
            return Ok(f);
        };
        if here == coordinate {
            return Ok(self.child(f, class));
        }
        if self.place[here as usize] > target {
            return Ok(f);
        }
        let key = [COFACTOR, f.0, u32::from(coordinate), class];
        if let Some(result) = self.memo.get(key) {
            return Ok(Ref(result));
        }
        let base = self.stack.len();
        for at in 0..self.runs(f).len() {
            let run = self.runs(f)[at];
            let child = self.cofactor_below(run.to, coordinate, class)?;
            self.push_run(base, run.last, child);
        }
        let result = self.node_from_stack(here, base)?;
        self.memo.put(key, result.0);
        Ok(result)
    }

    fn simplify_below(&mut self, f: Ref, care: Ref) -> Result<Ref, Exploded> {
        if f.is_terminal() || care == Ref::TRUE {
            return Ok(f);
        }
        let key = [SIMPLIFY, f.0, care.0, 0];
        if let Some(result) = self.memo.get(key) {
            return Ok(Ref(result));
        }
        let (here, there) = (self.level(f), self.level(care));
        let result = if there < here {
            // `f` does not look at this coordinate: a request counts if it does for some class.
            let children: Vec<Ref> = self.runs(care).iter().map(|run| run.to).collect();
            let care = self.or_all(&children)?;
            self.simplify_below(f, care)?
        } else {
            self.simplify_node(f, care, here == there)?
        };
        self.memo.put(key, result.0);
        Ok(result)
    }

    /// Classes that never count take the place of a neighbour that does.
    fn simplify_node(&mut self, f: Ref, care: Ref, same_level: bool) -> Result<Ref, Exploded> {
        let coordinate = self.order[self.level(f) as usize];
        let top = self.widths[coordinate as usize] - 1;
        let (mut i, mut j) = (0, 0);
        let base = self.stack.len();
        let mut waiting = false;
        loop {
            let run = self.runs(f)[i];
            let (care_last, care_to) = if same_level {
                let run = self.runs(care)[j];
                (run.last, run.to)
            } else {
                (top, care)
            };
            let last = run.last.min(care_last);
            if care_to == Ref::FALSE {
                // Joins the run before it; at the start it waits for the first run that counts.
                match self.stack.len() > base {
                    true => {
                        if let Some(previous) = self.stack.last_mut() {
                            previous.last = last;
                        }
                    }
                    false => waiting = true,
                }
            } else {
                let child = self.simplify_below(run.to, care_to)?;
                self.push_run(base, last, child);
                waiting = false;
            }
            if last == top {
                break;
            }
            i += usize::from(run.last == last);
            j += usize::from(same_level && care_last == last);
        }
        if waiting { Ok(f) } else { self.node_from_stack(coordinate, base) }
    }
}

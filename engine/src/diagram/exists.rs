//! Forgetting coordinates: what is true for some class of each of them.
//!
//! In: a truth-valued function and the coordinates to forget. Out: a function of the others.
//! Refuses to know: why they do not count.

use super::forest::{Exploded, Forest, Ref};

impl Forest {
    /// True where `f` is for some classes of the coordinates that are `gone`; `number` is from [`Forest::fresh_op`], one
    /// for each set of coordinates, so that results can be remembered.
    pub fn exists(&mut self, f: Ref, number: u32, gone: &[bool]) -> Result<Ref, Exploded> {
        let base = self.stack.len();
        let result = self.exists_below(f, number, gone);
        self.stack.truncate(base);
        result
    }

    fn exists_below(&mut self, f: Ref, number: u32, gone: &[bool]) -> Result<Ref, Exploded> {
        let Some(coordinate) = self.coordinate(f) else { return Ok(f) };
        let key = [number, f.0, 0, 0];
        if let Some(result) = self.memo.get(key) {
            return Ok(Ref(result));
        }
        let result = if gone.get(usize::from(coordinate)).copied().unwrap_or(false) {
            let mut any = Ref::FALSE;
            for at in 0..self.runs(f).len() {
                let child = self.exists_below(self.runs(f)[at].to, number, gone)?;
                any = self.or(any, child)?;
                if any == Ref::TRUE {
                    break;
                }
            }
            any
        } else {
            let base = self.stack.len();
            for at in 0..self.runs(f).len() {
                let run = self.runs(f)[at];
                let child = self.exists_below(run.to, number, gone)?;
                self.push_run(base, run.last, child);
            }
            self.node_from_stack(coordinate, base)?
        };
        self.memo.put(key, result.0);
        Ok(result)
    }
}

//! Why a table is too long, and what makes it short enough to read.
//!
//! In: a plan with too many rows. Out: the inputs that make it long, and conditions that leave fewer rows, tried out.
//! Refuses to know: how conditions are given.

use super::grow::{Choice, Grow};
use super::plan::Plan;
use super::question::Question;
use super::rows;
use super::words::Words;
use super::{Asks, Ground, MOST_ROWS, TooLong};
use crate::diagram::Exploded;
use crate::model::Part;
use crate::space::{sets, words as examples};

/// How many inputs are named, and tried.
const NAMED: usize = 4;
/// Most leaves while trying: what is longer is no way out.
const MOST_LEAVES: usize = 2_000;

/// The reasons and the ways out.
pub(super) fn explain(ground: &Ground<'_>, words: &Words<'_>, question: &Question, plan: Option<&Plan>) -> TooLong {
    let mut by_input: Vec<(usize, Asks)> = Vec::new();
    match plan {
        Some(plan) => {
            for (at, split) in plan.splits.iter().enumerate() {
                let asking = plan.rows.iter().filter(|row| row.cells[at].is_some()).count();
                by_input.push((asking, split.asks));
            }
        }
        None => {
            // Not even a tree: the coordinates with the most nodes are those whose interplay grew.
            let mut nodes = vec![0; ground.model.coordinates.len()];
            let reached = ground.forest.reached(&[question.root]);
            reached.iter().filter_map(|&f| ground.forest.coordinate(f)).for_each(|c| nodes[usize::from(c)] += 1);
            by_input.extend(nodes.into_iter().zip(0u16..).map(|(nodes, c)| (nodes, Asks::Class(c))));
        }
    }
    by_input.retain(|(asking, asks)| *asking > 0 && !matches!(asks, Asks::Gate(_) | Asks::Block(_)));
    by_input.sort_by_key(|(asking, _)| std::cmp::Reverse(*asking));
    by_input.truncate(NAMED);
    let because = by_input.iter().map(|(_, asks)| words.column(*asks).name).collect();
    let mut ways_out: Vec<(String, usize)> =
        by_input.iter().filter_map(|(_, asks)| narrowed(ground, words, question, *asks).ok().flatten()).collect();
    ways_out.sort_by_key(|(_, rows)| *rows);
    TooLong { rows: plan.map(Plan::size), because, ways_out }
}

/// The condition that an input has its usual value, or a term holds, and the rows that are left then.
fn narrowed(
    ground: &Ground<'_>,
    words: &Words<'_>,
    question: &Question,
    asks: Asks,
) -> Result<Option<(String, usize)>, Exploded> {
    let mut forest = ground.forest.clone();
    let (condition, requests) = match asks {
        Asks::Class(coordinate) => {
            let it = &ground.model.coordinates[usize::from(coordinate)];
            if matches!(it.part, Part::Date | Part::Time) {
                return Ok(None);
            }
            let usual = examples::usual(ground.model, it);
            let choices: Vec<bool> = (0..it.classes).map(|class| class == usual).collect();
            let Some(condition) = sets::words(ground.model, coordinate, &choices) else { return Ok(None) };
            (condition, forest.test(coordinate, |class| class == usual)?)
        }
        Asks::Term(_) => {
            let Some(split) = ground.splits.iter().find(|split| split.asks == asks) else { return Ok(None) };
            (words.column(asks).name, split.requests(&mut forest, &[true, false])?)
        }
        Asks::Gate(_) | Asks::Block(_) => return Ok(None),
    };
    let care = forest.and(ground.care, requests)?;
    if care == crate::diagram::Ref::FALSE {
        return Ok(None);
    }
    let Ok(tree) = Grow::new(&mut forest, &ground.splits, Choice::Shortest, MOST_LEAVES).tree(question.root, care)
    else {
        return Ok(None);
    };
    let mut rows = rows::rows(&tree, ground.splits.len());
    rows::merge(&mut forest, &mut rows)?;
    Ok((rows.len() <= MOST_ROWS).then_some((condition, rows.len())))
}

//! A diagram for programs. In: a diagram. Out: JSON. Refuses to place anything.

use crate::draw::{Diagram, Place};
use crate::render::json::{array, object, string};

/// The questions, their ways and the outcomes.
#[must_use]
pub fn json(diagram: &Diagram) -> String {
    let place = |place: &Place| match place {
        Place::Question(number) => object(&[("question", number.to_string())]),
        Place::Outcome(number) => object(&[("outcome", number.to_string())]),
    };
    let way = |words: &str, to: &Place| object(&[("when", string(words)), ("to", place(to))]);
    let questions = diagram.questions.iter().map(|question| {
        object(&[
            ("asks", string(&question.name)),
            ("ways", array(question.ways.iter().map(|one| way(&one.words, &one.to)))),
        ])
    });
    object(&[
        ("answer", string(&diagram.name)),
        ("starts", array(diagram.starts.iter().map(|(words, to)| way(words, to)))),
        ("questions", array(questions)),
        ("outcomes", array(diagram.outcomes.iter().map(|outcome| string(&outcome.words)))),
    ])
}

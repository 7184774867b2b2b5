//! A diagram for programs. In: a diagram. Out: JSON: the questions, and where each part stands in a picture of it.
//! Refuses to choose colours.

use super::svg::{Picture, Shows};
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
        ("picture", picture(diagram)),
    ])
}

/// Items with the middle of their upper edge and their width, and curves from `[x, y]` to `[x, y]`.
fn picture(diagram: &Diagram) -> String {
    let mut picture = Picture::new(diagram);
    let (width, height) = picture.settle(0);
    let items = picture.drawn.iter().enumerate().filter_map(|(item, shows)| {
        let (kind, number, way) = match *shows {
            Shows::Bend => return None,
            Shows::Start(number) => ("start", number, None),
            Shows::Question(number) => ("question", number, None),
            Shows::Way(number, way) => ("way", number, Some(way)),
            Shows::Outcome(number) => ("outcome", number, None),
        };
        let (x, y, width) = picture.place(item);
        let mut fields = vec![("kind", string(kind)), ("number", number.to_string())];
        fields.extend(way.map(|way| ("way", way.to_string())));
        fields.extend([("x", x.to_string()), ("y", y.to_string()), ("width", width.to_string())]);
        Some(object(&fields))
    });
    let curves = picture.curves().into_iter().map(|points| array(points.into_iter().map(|one| one.to_string())));
    object(&[
        ("width", width.to_string()),
        ("height", height.to_string()),
        ("items", array(items)),
        ("curves", array(curves)),
    ])
}

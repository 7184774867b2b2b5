//! A diagram as a picture.
//!
//! In: a diagram. Out: SVG with a title, a description and a style for light and dark.
//! Refuses to rely on colour: every outcome carries its words and a frame of its own. The page grows to the width it needs.

use super::label;
use super::layout::Layout;
use crate::draw::{Diagram, Place};
use crate::render::visible;

const ROW: i64 = 46;
const TOP: i64 = 70;
const BOX: i64 = 26;

const STYLE: &str = "\
svg{font:13px system-ui,sans-serif}.p{fill:#fff}text{fill:#1c2430;text-anchor:middle}.h{font-size:18px;font-weight:600;text-anchor:start}\
.s{fill:#5b6472;text-anchor:start}.q{fill:#f3f5f8;stroke:#8a94a3}.l{font-size:12px}.w{fill:none;stroke:#8a94a3}\
.o{stroke-width:2}.o0{fill:#dcefe3;stroke:#23764a}.o1{fill:#fbe0dc;stroke:#a63a2b;stroke-dasharray:7 3}\
.o2{fill:#dde9f8;stroke:#2a5ea6;stroke-dasharray:2 3}.o3{fill:#f7ecc9;stroke:#8a6a10;stroke-dasharray:10 3 2 3}\
.o4{fill:#ecdff5;stroke:#6c3d96;stroke-dasharray:4 4}.o5{fill:#e0f1f2;stroke:#1f7076}.o6{fill:#eceef1;stroke:#6b7482;stroke-dasharray:1 4}\
@media (prefers-color-scheme:dark){.p{fill:#14181e}text{fill:#e6e9ee}.s{fill:#a2abb8}.q{fill:#222932;stroke:#7c8695}.w{stroke:#7c8695}\
.o0{fill:#17402a;stroke:#6cc495}.o1{fill:#53211a;stroke:#ef8d7e}.o2{fill:#1a355a;stroke:#83b3ef}.o3{fill:#4a3a0c;stroke:#e0bd55}\
.o4{fill:#3c2354;stroke:#c496ea}.o5{fill:#12444a;stroke:#6cc5cd}.o6{fill:#2b313a;stroke:#98a1af}}";

/// The diagram.
#[must_use]
pub fn svg(diagram: &Diagram, policy: &str) -> String {
    let mut picture = Picture::new(diagram);
    let title = format!("{}: {}", visible(policy), visible(&diagram.name));
    let (width, height) = picture.settle(title.chars().count() as i64 * 10 + 40);
    let asked: Vec<&str> = diagram.questions.iter().map(|question| question.name.as_str()).collect();
    let said: Vec<&str> = diagram.outcomes.iter().map(|outcome| outcome.words.as_str()).collect();
    let described = format!(
        "From the top, each question leads to another or to an outcome. {} questions, about {}. Outcomes: {}.",
        asked.len(),
        unique(&asked).join(", "),
        said.join(", ")
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">{0}</title>\n<desc id=\"d\">{1}</desc>\n<style>{STYLE}</style>\n\
         <rect class=\"p\" width=\"{width}\" height=\"{height}\"/>\n<text class=\"h\" x=\"20\" y=\"30\">{0}</text>\n\
         <text class=\"s\" x=\"20\" y=\"50\">Start at the top; every way out of a question says when it is taken.</text>\n{2}</svg>\n",
        safe(&title),
        safe(&visible(&described)),
        picture.lines() + &picture.items(diagram)
    )
}

/// What an item shows.
pub(super) enum Shows {
    Start(usize),
    Question(usize),
    Way(usize, usize),
    Bend,
    Outcome(usize),
}

/// The parts of a diagram and their places.
pub(super) struct Picture {
    layout: Layout,
    /// What each item shows.
    pub(super) drawn: Vec<Shows>,
    rows: Vec<usize>,
}

impl Picture {
    /// The parts, not placed yet.
    pub(super) fn new(diagram: &Diagram) -> Picture {
        let mut picture = Picture { layout: Layout::default(), drawn: Vec::new(), rows: Vec::new() };
        picture.build(diagram);
        picture
    }

    /// Places the parts; gives the width, no less than what a title takes, and the height.
    pub(super) fn settle(&mut self, title: i64) -> (i64, i64) {
        (self.layout.settle(20).max(title) + 20, TOP + ROW * self.layout.rows.len() as i64)
    }

    /// The middle of an item's upper edge, and its width.
    pub(super) fn place(&self, item: usize) -> (i64, i64, i64) {
        (self.layout.middle[item], self.y(item), self.layout.widths[item])
    }

    fn add(&mut self, row: usize, text: usize, shows: Shows) -> usize {
        let width = if matches!(shows, Shows::Bend) { 6 } else { text as i64 * 8 + 20 };
        self.drawn.push(shows);
        self.rows.push(row);
        self.layout.add(row, width)
    }

    /// Starts in row 0; the questions of row r in row 1 + 2r, their ways below them; outcomes last.
    fn build(&mut self, diagram: &Diagram) {
        let last = 1 + 2 * diagram.rows;
        let length = |text: &str| label(text).chars().count();
        let questions: Vec<usize> = diagram
            .questions
            .iter()
            .enumerate()
            .map(|(number, question)| self.add(1 + 2 * question.row, length(&question.name), Shows::Question(number)))
            .collect();
        let outcomes: Vec<usize> = diagram
            .outcomes
            .iter()
            .enumerate()
            .map(|(number, outcome)| self.add(last, length(&outcome.words), Shows::Outcome(number)))
            .collect();
        let item = |place: Place| match place {
            Place::Question(number) => questions.get(number).copied().unwrap_or(0),
            Place::Outcome(number) => outcomes.get(number).copied().unwrap_or(0),
        };
        for (number, (words, place)) in diagram.starts.iter().enumerate() {
            let start = self.add(0, length(words), Shows::Start(number));
            self.join(start, item(*place));
        }
        for (number, question) in diagram.questions.iter().enumerate() {
            for (at, way) in question.ways.iter().enumerate() {
                let middle = self.add(2 + 2 * question.row, length(&way.words), Shows::Way(number, at));
                self.layout.joined.push((questions[number], middle));
                self.join(middle, item(way.to));
            }
        }
    }

    /// Joins an item with one some rows below, with a bend in every row between.
    fn join(&mut self, from: usize, to: usize) {
        let mut at = from;
        for row in self.rows[from] + 1..self.rows[to] {
            let bend = self.add(row, 0, Shows::Bend);
            self.layout.joined.push((at, bend));
            at = bend;
        }
        self.layout.joined.push((at, to));
    }

    fn y(&self, item: usize) -> i64 {
        TOP + ROW * self.rows[item] as i64
    }

    /// Where lines between items start and end: x, y, x, y.
    pub(super) fn curves(&self) -> Vec<[i64; 4]> {
        let curve = |&(above, below): &(usize, usize)| {
            let edge = |item: usize| if matches!(self.drawn[item], Shows::Bend) { BOX / 2 } else { 0 };
            let (x1, y1) = (self.layout.middle[above], self.y(above) + BOX - edge(above));
            let (x2, y2) = (self.layout.middle[below], self.y(below) + edge(below));
            [x1, y1, x2, y2]
        };
        self.layout.joined.iter().map(curve).collect()
    }

    fn lines(&self) -> String {
        let mut out = String::new();
        for [x1, y1, x2, y2] in self.curves() {
            let half = (y1 + y2) / 2;
            out.push_str(&format!("<path class=\"w\" d=\"M{x1} {y1}C{x1} {half} {x2} {half} {x2} {y2}\"/>\n"));
        }
        out
    }

    fn items(&self, diagram: &Diagram) -> String {
        let mut out = String::new();
        for (item, shows) in self.drawn.iter().enumerate() {
            let (text, class) = match shows {
                Shows::Bend => continue,
                Shows::Start(number) => (diagram.starts[*number].0.as_str(), String::new()),
                Shows::Question(number) => (diagram.questions[*number].name.as_str(), "q".to_string()),
                Shows::Way(number, way) => (diagram.questions[*number].ways[*way].words.as_str(), String::new()),
                Shows::Outcome(number) => {
                    let outcome = &diagram.outcomes[*number];
                    (outcome.words.as_str(), format!("o o{}", outcome.number))
                }
            };
            let (x, y, width) = (self.layout.middle[item], self.y(item), self.layout.widths[item]);
            out.push_str(&format!("<g><title>{}</title>", safe(&visible(text))));
            if !class.is_empty() {
                let round = if class == "q" { 13 } else { 3 };
                out.push_str(&format!(
                    "<rect class=\"{class}\" x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"{BOX}\" rx=\"{round}\"/>",
                    x - width / 2
                ));
            }
            let small = if class.is_empty() { " class=\"l\"" } else { "" };
            out.push_str(&format!("<text{small} x=\"{x}\" y=\"{}\">{}</text></g>\n", y + 17, safe(&label(text))));
        }
        out
    }
}

fn unique<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    for &name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

fn safe(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

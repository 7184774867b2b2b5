//! A generated policy as paragraphs, so that laws can reorder, repeat and add them.
//! In: paragraphs. Out: source text. Refuses to know what the paragraphs mean.

use super::Random;

/// One item of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paragraph {
    /// Its first word: `rule`, `input` …
    pub kind: &'static str,
    /// The name it declares; empty if none.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The policy's name.
    pub name: String,
    /// Its header line.
    pub header: String,
    /// Its items.
    pub paragraphs: Vec<Paragraph>,
}

impl Source {
    /// The file's text.
    pub fn text(&self) -> String {
        let mut text = self.header.clone();
        for paragraph in &self.paragraphs {
            text.push('\n');
            text.push_str(&paragraph.text);
        }
        text.push('\n');
        text
    }

    /// The same file with its items in another order.
    pub fn shuffled(&self, random: &mut Random) -> Source {
        let mut shuffled = self.clone();
        random.shuffle(&mut shuffled.paragraphs);
        shuffled
    }

    /// The places of the items of a kind.
    pub fn places(&self, kind: &str) -> Vec<usize> {
        (0..self.paragraphs.len()).filter(|place| self.paragraphs[*place].kind == kind).collect()
    }
}

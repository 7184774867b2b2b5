//! The lines of a decision log, as the reference describes them.
//!
//! In: bytes of one line. Out: a head or a row, or what is wrong with it. Refuses to know policies. Every line carries a piece
//! of the digest of itself and the line before, so that a line that was edited, moved or taken out is noticed.

use sha2::{Digest, Sha256};
use std::fmt;

/// The version of the format.
pub const VERSION: u64 = 1;
/// The longest line that is read.
pub const LONGEST: usize = 16 * 1024;

/// The digest of a line, as far as it is written: sixteen hexadecimal digits.
pub type Seal = [u8; 16];

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line<'a> {
    /// What the rows below were decided by.
    Head(Head<'a>),
    /// One decision.
    Row(Row<'a>),
}

/// What rows were decided by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// The policy's name.
    pub policy: &'a str,
    /// Its version.
    pub version: u64,
    /// SHA-256 over its sources, hexadecimal.
    pub source: &'a str,
    /// The schema hash requests carry, hexadecimal.
    pub schema: &'a str,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row<'a> {
    /// When: RFC 3339, UTC, milliseconds.
    pub at: &'a str,
    /// The number of the decision.
    pub decision: u32,
    /// The status.
    pub status: u32,
    /// The packed request, hexadecimal.
    pub request: &'a [u8],
    /// The answer words, hexadecimal, little-endian.
    pub outcome: &'a [u8],
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// It has no lines.
    Empty,
    /// It does not start with a head.
    NoHead,
    /// A head of another version of the format.
    Version(u64, u64),
    /// The last line ends before its end: line.
    Truncated(u64),
    /// A line is not as the format says: line, what was expected.
    Malformed(u64, &'static str),
    /// A line is not the one that was written after the line before it: line.
    Edited(u64),
    /// The log is of another policy: line, its name, the name that was asked for.
    OtherPolicy(u64, String, String),
    /// The log was written by another text of the policy: line, its schema, the schema of the text.
    OtherSchema(u64, String, String),
    /// A request cannot be read: line, why.
    Request(u64, String),
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Mistake::Empty => write!(f, "the log is empty"),
            Mistake::NoHead => write!(f, "line 1 is no head: this is no decision log, or its beginning is missing"),
            Mistake::Version(line, version) => {
                write!(f, "line {line}: the format has version {version}, this program reads version {VERSION}")
            }
            Mistake::Truncated(line) => {
                write!(f, "line {line} ends in its middle: the log was cut off; everything before it is sound")
            }
            Mistake::Malformed(line, wanted) => write!(f, "line {line} is not a line of a decision log: {wanted}"),
            Mistake::Edited(line) => {
                write!(f, "line {line} does not follow the line before it: a line was edited, moved or taken out")
            }
            Mistake::OtherPolicy(line, found, wanted) => {
                write!(f, "line {line}: the log is of the policy `{found}`, not of `{wanted}`")
            }
            Mistake::OtherSchema(line, found, wanted) => write!(
                f,
                "line {line}: the log was written by a policy with the schema {found}, the older version here has {wanted}; \
                 name the text it was written by"
            ),
            Mistake::Request(line, why) => write!(f, "line {line}: {why}"),
        }
    }
}

/// The seal of a line after another one.
#[must_use]
pub fn seal(before: &[u8], line: &[u8]) -> Seal {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(line);
    let mut seal = [0; 16];
    for (pair, byte) in seal.chunks_exact_mut(2).zip(hash.finalize()) {
        pair[0] = b"0123456789abcdef"[usize::from(byte >> 4)];
        pair[1] = b"0123456789abcdef"[usize::from(byte & 15)];
    }
    seal
}

/// Reads a line; `before` is the seal of the line before it, nothing at the start of a log. Gives the line and its seal.
pub fn read<'a>(number: u64, bytes: &'a [u8], before: Option<&Seal>) -> Result<(Line<'a>, Seal), Mistake> {
    let malformed = |wanted| Mistake::Malformed(number, wanted);
    let mut it = Cursor { rest: bytes, number };
    let line = if it.starts(b"{\"keyward_log\":") { it.head()? } else { it.row()? };
    let (line, after) = line;
    let sealed = bytes.len() - it.rest.len();
    it.expect(b",\"seal\":\"", "a seal at the end")?;
    let seal_text = it.text("a seal of sixteen digits")?;
    it.expect(b"}", "a closing bracket")?;
    if !it.rest.is_empty() {
        return Err(malformed("nothing after the closing bracket"));
    }
    let own: Seal = seal_text.as_bytes().try_into().map_err(|_| malformed("a seal of sixteen digits"))?;
    let before = match (&line, before) {
        // A log goes on where another file ended.
        (Line::Head(_), None) => after,
        (Line::Head(_), Some(seal)) if after != *seal => return Err(Mistake::Edited(number)),
        (Line::Row(_), None) => return Err(Mistake::NoHead),
        (_, Some(seal)) => &seal[..],
    };
    if seal(before, &bytes[..sealed]) != own {
        return Err(Mistake::Edited(number));
    }
    Ok((line, own))
}

/// Hexadecimal digits as bytes, put into `out`; false if they are none.
#[must_use]
pub fn unhex(digits: &[u8], out: &mut Vec<u8>) -> bool {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        _ => 0xFF,
    };
    out.clear();
    let mut bad = 0;
    for pair in digits.chunks(2) {
        let (high, low) = (digit(pair[0]), pair.get(1).map_or(0xFF, |&low| digit(low)));
        bad |= (high | low) & 0xF0;
        out.push(high << 4 | low & 15);
    }
    bad == 0
}

/// What is left of a line.
struct Cursor<'a> {
    rest: &'a [u8],
    number: u64,
}

/// A line without its seal, and for a head the seal it says it stands after.
type Unsealed<'a> = (Line<'a>, &'a [u8]);

impl<'a> Cursor<'a> {
    fn starts(&self, wanted: &[u8]) -> bool {
        self.rest.starts_with(wanted)
    }

    fn expect(&mut self, wanted: &[u8], what: &'static str) -> Result<(), Mistake> {
        self.rest = self.rest.strip_prefix(wanted).ok_or(Mistake::Malformed(self.number, what))?;
        Ok(())
    }

    /// Up to the next quotation mark. Names and digits have neither quotation marks nor escapes in them.
    fn text(&mut self, what: &'static str) -> Result<&'a str, Mistake> {
        let wrong = Mistake::Malformed(self.number, what);
        let end = self.rest.iter().position(|&byte| byte == b'"' || byte == b'\\').ok_or(wrong.clone())?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(b"\"").ok_or(wrong.clone())?;
        std::str::from_utf8(text).map_err(|_| wrong)
    }

    fn digits(&mut self, what: &'static str) -> Result<u64, Mistake> {
        let end = self.rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        let wrong = || Mistake::Malformed(self.number, what);
        if digits.is_empty() || digits.len() > 15 || digits.len() > 1 && digits[0] == b'0' {
            return Err(wrong());
        }
        Ok(digits.iter().fold(0, |all, digit| all * 10 + u64::from(digit - b'0')))
    }

    fn head(&mut self) -> Result<Unsealed<'a>, Mistake> {
        self.expect(b"{\"keyward_log\":", "a head")?;
        let version = self.digits("a version of the format")?;
        if version != VERSION {
            return Err(Mistake::Version(self.number, version));
        }
        self.expect(b",\"policy\":\"", "a policy")?;
        let policy = self.text("the name of a policy")?;
        self.expect(b",\"version\":", "a version")?;
        let version = self.digits("the version of the policy")?;
        self.expect(b",\"source\":\"", "a source")?;
        let source = self.text("the digest of the sources")?;
        self.expect(b",\"schema\":\"", "a schema")?;
        let schema = self.text("the schema hash")?;
        self.expect(b",\"after\":\"", "the seal of the line before")?;
        let after = self.text("the seal of the line before")?;
        Ok((Line::Head(Head { policy, version, source, schema }), after.as_bytes()))
    }

    fn row(&mut self) -> Result<Unsealed<'a>, Mistake> {
        self.expect(b"{\"at\":\"", "a row starts with a time, a head with the version of the format")?;
        let at = self.text("a time")?;
        if at.len() != 24 || !at.ends_with('Z') {
            return Err(Mistake::Malformed(self.number, "a time such as 2026-11-26T21:24:05.123Z"));
        }
        self.expect(b",\"decision\":", "a decision")?;
        let decision = u32::try_from(self.digits("the number of a decision")?).unwrap_or(u32::MAX);
        self.expect(b",\"status\":", "a status")?;
        let status = u32::try_from(self.digits("a status")?).unwrap_or(u32::MAX);
        self.expect(b",\"request\":\"", "a request")?;
        let request = self.text("a packed request")?.as_bytes();
        self.expect(b",\"outcome\":\"", "an outcome")?;
        let outcome = self.text("answer words")?.as_bytes();
        Ok((Line::Row(Row { at, decision, status, request, outcome }), b""))
    }
}

//! Reading JSON exactly as RFC 8259 has it, with the place of every value.
//! In: bytes. Out: a tree that keeps numbers as they were written. Refuses duplicate keys, more than 64 levels and anything
//! after the value; refuses to know requests.

/// Most levels of arrays and objects.
pub const DEEPEST: usize = 64;
/// Most bytes of one JSON text.
pub const LARGEST: usize = 1024 * 1024;

/// A value with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json {
    /// What it is.
    pub kind: Kind,
    /// Where it starts, in bytes.
    pub at: usize,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// A string, escapes resolved.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object, in its order; every key once.
    Object(Vec<Member>),
}

/// One member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its key.
    pub key: String,
    /// Where the key starts.
    pub at: usize,
    /// Its value.
    pub value: Json,
}

/// Why a text is not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// Where, in bytes.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl Json {
    /// Reads a text that holds one value and nothing else.
    pub fn read(text: &[u8]) -> Result<Json, Broken> {
        if text.len() > LARGEST {
            return Err(broken(0, format!("the text has {} bytes; {LARGEST} are accepted", text.len())));
        }
        let text = std::str::from_utf8(text).map_err(|error| broken(error.valid_up_to(), "this is not UTF-8"))?;
        if text.starts_with('\u{feff}') {
            return Err(broken(0, "a byte order mark does not belong here"));
        }
        let mut reader = Reader { text, at: 0 };
        reader.skip_blank();
        let value = reader.value(0)?;
        reader.skip_blank();
        if reader.at < text.len() { Err(broken(reader.at, "nothing may follow the value")) } else { Ok(value) }
    }

    /// What people call this kind of value.
    pub fn word(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::String(_) => "a string",
            Kind::Array(_) => "an array",
            Kind::Object(_) => "an object",
        }
    }
}

fn broken(at: usize, what: impl Into<String>) -> Broken {
    Broken { at, what: what.into() }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn value(&mut self, depth: usize) -> Result<Json, Broken> {
        let at = self.at;
        let kind = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => Kind::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            None => return Err(broken(at, "a value is missing here")),
            Some(_) => return Err(broken(at, "this does not start a value")),
        };
        Ok(Json { kind, at })
    }

    fn word(&mut self, word: &str, kind: Kind) -> Result<Kind, Broken> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(broken(self.at, format!("only `{word}` starts like this")));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn enter(&mut self, depth: usize) -> Result<(), Broken> {
        if depth >= DEEPEST {
            return Err(broken(self.at, format!("more than {DEEPEST} levels stand inside each other")));
        }
        self.at += 1;
        self.skip_blank();
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<Kind, Broken> {
        self.enter(depth)?;
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(Kind::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.skip_blank();
            if self.take(b']') {
                return Ok(Kind::Array(items));
            }
            self.comma("]")?;
        }
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Broken> {
        self.enter(depth)?;
        let mut members: Vec<Member> = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        if self.take(b'}') {
            return Ok(Kind::Object(members));
        }
        loop {
            let at = self.at;
            if self.peek() != Some(b'"') {
                return Err(broken(at, "a key is a string in double quotes"));
            }
            let key = self.string()?;
            if !seen.insert(key.clone()) {
                return Err(broken(at, format!("the key `{key}` stands here twice")));
            }
            self.skip_blank();
            if !self.take(b':') {
                return Err(broken(self.at, "a colon is missing after the key"));
            }
            self.skip_blank();
            let value = self.value(depth + 1)?;
            members.push(Member { key, at, value });
            self.skip_blank();
            if self.take(b'}') {
                return Ok(Kind::Object(members));
            }
            self.comma("}")?;
        }
    }

    fn comma(&mut self, end: &str) -> Result<(), Broken> {
        if !self.take(b',') {
            return Err(broken(self.at, format!("a comma or `{end}` is missing here")));
        }
        self.skip_blank();
        Ok(())
    }

    fn number(&mut self) -> Result<String, Broken> {
        let start = self.at;
        self.take(b'-');
        let whole = self.digits()?;
        if whole > 1 && self.text.as_bytes().get(self.at - whole) == Some(&b'0') {
            return Err(broken(start, "a number does not start with 0"));
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        Ok(self.text.get(start..self.at).unwrap_or("").to_string())
    }

    fn digits(&mut self) -> Result<usize, Broken> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(broken(start, "a digit is missing here")) } else { Ok(self.at - start) }
    }

    fn string(&mut self) -> Result<String, Broken> {
        let start = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.text.get(self.at..).unwrap_or("");
            let Some(c) = rest.chars().next() else { return Err(broken(start, "this string is not closed")) };
            match c {
                '"' => {
                    self.at += 1;
                    return Ok(out);
                }
                '\\' => out.push(self.escape()?),
                c if c < ' ' => return Err(broken(self.at, "a control character must be escaped in a string")),
                c => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, Broken> {
        let at = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(at),
            _ => return Err(broken(at, "there is no such escape")),
        };
        self.at += 1;
        Ok(c)
    }

    fn unicode(&mut self, at: usize) -> Result<char, Broken> {
        let high = self.unit(at)?;
        if !(0xD800..0xE000).contains(&high) {
            return char::from_u32(high).ok_or_else(|| broken(at, "there is no such character"));
        }
        let lone = || broken(at, "half a pair of surrogates is no character");
        if high >= 0xDC00 || !self.take(b'\\') {
            return Err(lone());
        }
        if self.peek() != Some(b'u') {
            return Err(lone());
        }
        let low = self.unit(at)?;
        if !(0xDC00..0xE000).contains(&low) {
            return Err(lone());
        }
        char::from_u32(0x1_0000 + ((high - 0xD800) << 10) + (low - 0xDC00)).ok_or_else(lone)
    }

    /// Four hexadecimal digits after the `u` the reader stands on.
    fn unit(&mut self, at: usize) -> Result<u32, Broken> {
        self.at += 1;
        let digits = self.text.get(self.at..self.at + 4).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        unit.ok_or_else(|| broken(at, "`\\u` takes four hexadecimal digits"))
    }
}

//! Random files in the shape of the grammar, with blanks, line breaks and comments at random places.
//! In: a seed. Out: a text that reads without errors. Names mean nothing here.

/// A small random number generator, so that every failure can be repeated.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x1234_5678_9ABC_DEF0)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn chance(&mut self, in_ten: u64) -> bool {
        self.below(10) < in_ten
    }

    fn pick(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len() as u64) as usize]
    }
}

const NAMES: [&str; 10] = [
    "a",
    "door",
    "pin_code",
    "person.has_pin",
    "method",
    "day",
    "now.time",
    "on",
    "a_rather_long_name_of_something",
    "key.kind",
];
const PLAIN: [&str; 8] = ["b", "door_x", "pin", "hour", "year", "zone", "quite_a_long_name_for_a_value", "an"];
const TEXTS: [&str; 6] = [
    "\"short\"",
    "“curly”",
    "\"with # sign\"",
    "\"é and “quotes”\"",
    "\"\"",
    "\"a longer description of what this is about, read aloud\"",
];

struct Words<'r> {
    random: &'r mut Random,
    out: Vec<String>,
}

/// A file; with comments or without.
pub fn file(random: &mut Random, comments: bool) -> String {
    let items = 1 + random.below(8);
    let mut words = Words { random, out: Vec::new() };
    words.put("edition 2026 policy keyward.sample version 3");
    words.maybe_text();
    if words.random.chance(2) {
        words.put("refines keyward.parent version 2");
    }
    for _ in 0..items {
        words.out.push("\n".to_owned());
        words.item();
    }
    spread(words, comments)
}

/// Puts blanks, line breaks and comments between the words.
fn spread(words: Words<'_>, comments: bool) -> String {
    let Words { random, out: words } = words;
    let mut out = String::new();
    for word in &words {
        out.push_str(word);
        match random.below(if comments { 16 } else { 12 }) {
            0 => out.push_str("\n  "),
            1 => out.push_str("\r\n\r\n"),
            2 => out.push_str("\t\u{A0} "),
            12 => out.push_str(" # behind\n"),
            13 => out.push_str("\n    #on its own line\n"),
            14 => out.push_str("\n\n# after a blank line, with a \"quote\n\n"),
            15 => out.push_str("#glued\n# and another\n"),
            _ => out.push(' '),
        }
    }
    out
}

impl Words<'_> {
    fn put(&mut self, words: &str) {
        self.out.extend(words.split(' ').map(str::to_owned));
    }

    fn name(&mut self) {
        let name = self.random.pick(&NAMES);
        self.put(name);
    }

    fn plain(&mut self) {
        let name = self.random.pick(&PLAIN);
        self.put(name);
    }

    fn text(&mut self) {
        let text = self.random.pick(&TEXTS).to_owned();
        self.out.push(text);
    }

    fn maybe_text(&mut self) {
        if self.random.chance(3) {
            self.text();
        }
    }

    fn list(&mut self, mut one: impl FnMut(&mut Self)) {
        let more = if self.random.chance(2) { 12 } else { self.random.below(4) };
        one(self);
        for _ in 0..more {
            self.put(",");
            one(self);
        }
    }

    fn literal(&mut self) {
        match self.random.below(9) {
            0 => self.put("2026-12-24"),
            1 => self.put("08:05"),
            2 => self.put("4"),
            3 => self.put("yes"),
            4 => self.put("sunday"),
            5 => self.put("1 day"),
            6 => self.put("30 minutes"),
            7 => self.text(),
            _ => self.name(),
        }
    }

    fn label(&mut self) {
        if self.random.chance(1) {
            self.put("7")
        } else {
            self.plain()
        }
        self.maybe_text();
    }

    fn type_of(&mut self) {
        match self.random.below(10) {
            0 => self.put("yes or no"),
            1 => self.put("one of"),
            2 => self.put("a set of"),
            3 => return self.put("a number from 1 to 5"),
            4 => return self.put("a duration from 0 minutes to 30 days"),
            5 => {
                self.put("a moment in zone");
                return self.text();
            }
            6 => return self.put("a moment"),
            7 => return self.put("a date from 2026-01-01 to 2027-12-31"),
            8 => return self.put("a time"),
            _ => return self.put("an account"),
        }
        if self.out.last().is_some_and(|word| word == "of") {
            self.list(Self::label);
        }
    }

    fn one(&mut self) {
        match self.random.below(15) {
            0 => {
                self.put("not");
                return self.plain();
            }
            1 => return self.plain(),
            _ => self.name(),
        }
        match self.random.below(13) {
            0 => self.put("is set"),
            1 => self.put("is not set"),
            2 => self.put("is during opening_hours"),
            3 => self.put("is outside opening_hours"),
            4 => {
                self.put("is from");
                self.literal();
                let until = self.random.pick(&["to", "until"]);
                self.put(until);
                self.literal();
            }
            5 => {
                let words = self.random.pick(&[
                    "is at least",
                    "is at most",
                    "is more than",
                    "is less than",
                    "is before",
                    "is after",
                    "=",
                    ">=",
                    "!=",
                ]);
                self.put(words);
                self.literal();
            }
            6 => self.put("include pin"),
            7 => self.put("do not include pin"),
            8 => {
                let words = self.random.pick(&["include one of", "include all of"]);
                self.put(words);
                self.list(Self::plain);
            }
            9 => {
                let words = self.random.pick(&["is one of", "is not one of"]);
                self.put(words);
                self.list(Self::literal);
            }
            10 => self.put("is in group_one"),
            11 => self.put("is not in group_one"),
            _ => {
                let words = self.random.pick(&["is", "is not"]);
                self.put(words);
                self.literal();
            }
        }
    }

    fn ands(&mut self, mut one: impl FnMut(&mut Self)) {
        one(self);
        for _ in 0..self.random.below(4) {
            self.put("and");
            one(self);
        }
    }

    fn all(&mut self) {
        let bullets = self.random.chance(3);
        let ones = !bullets || self.random.chance(5);
        if ones {
            self.ands(Self::one);
        }
        if !bullets {
            return;
        }
        if ones {
            self.put("and");
        }
        let many = self.random.pick(&["any of", "at least 2 of"]);
        self.put(many);
        for _ in 0..=self.random.below(3) {
            let dash = self.random.pick(&["-", "-", "–", "•"]);
            self.put(dash);
            self.ands(Self::one);
        }
    }

    fn effect(&mut self) {
        self.plain();
        if self.random.chance(5) {
            self.put("is");
            return self.literal();
        }
        let word = self.random.pick(&["include", "omit"]);
        self.put(word);
        self.list(Self::plain);
    }

    fn reason(&mut self) {
        self.put("because");
        self.text();
        if self.random.chance(4) {
            self.put("cite");
            self.text();
        }
    }

    fn condition(&mut self) {
        if self.random.chance(2) {
            self.put("always");
        } else {
            self.put("when");
            self.all();
        }
        self.put("then");
        self.ands(Self::effect);
        self.reason();
    }

    fn item(&mut self) {
        match self.random.below(16) {
            0 => self.put("use keyward.words version 4"),
            1 => self.named("constant", Self::plain, "is", Self::literal),
            2 => self.fix(),
            3 => {
                let word = self.random.pick(&["input", "optional input"]);
                self.named(word, Self::name, "is", Self::type_of);
                if self.random.chance(4) {
                    self.put("fixed");
                }
            }
            4 => self.named("setting", Self::name, "is", |words| {
                words.type_of();
                words.put("default");
                words.literal();
            }),
            5 => self.named("group", Self::plain, "of person.id is", |words| {
                if words.random.chance(5) { words.put("kept outside") } else { words.list(Self::literal) }
            }),
            6 => self.named("calendar", Self::plain, "is", Self::calendar),
            7 => self.named("term", Self::plain, "means", Self::all),
            8 => self.assume(),
            9 => self.decision(),
            10 => {
                self.put("normally");
                self.ands(Self::effect);
                self.reason();
            }
            11 => {
                self.put("if unsure");
                self.ands(Self::effect);
            }
            12 => self.named("rule", Self::plain, "", Self::condition),
            13 => self.named("exception", Self::plain, "to", |words| {
                words.list(Self::plain);
                words.condition();
            }),
            14 => {
                self.put("test");
                self.text();
                self.put("given");
                self.all();
                self.put("expect");
                self.all();
            }
            _ => self.named("assert", Self::plain, "", Self::promise),
        }
    }

    fn named(&mut self, word: &str, name: fn(&mut Self), joint: &str, rest: impl FnOnce(&mut Self)) {
        self.put(word);
        name(self);
        self.maybe_text();
        if !joint.is_empty() {
            self.put(joint);
        }
        rest(self);
    }

    fn fix(&mut self) {
        self.put("fix");
        self.name();
        self.put("at");
        if self.random.chance(5) {
            self.put("one of");
            self.list(Self::literal);
        } else {
            self.literal();
        }
    }

    fn calendar(&mut self) {
        if self.random.chance(2) {
            return self.put("kept outside");
        }
        self.list(|words| {
            let days = words.random.pick(&[
                "every day",
                "every year on 12-25",
                "every year from 12-24 to 01-02",
                "monday",
                "monday to friday",
                "2026-04-03",
                "from 2026-12-28 to 2026-12-31",
            ]);
            words.put(days);
            let hours = words.random.pick(&["", "from 08:00 until 18:00", "from 22:00 until 02:00 next day"]);
            if !hours.is_empty() {
                words.put(hours);
            }
        });
        if self.random.chance(3) {
            self.put("except");
            self.list(Self::plain);
        }
    }

    fn assume(&mut self) {
        self.put("assume");
        self.text();
        if self.random.chance(4) {
            self.put("never");
            return self.all();
        }
        self.put("if");
        self.all();
        self.put("then");
        self.all();
    }

    fn decision(&mut self) {
        self.put("decision");
        self.plain();
        self.maybe_text();
        for _ in 0..=self.random.below(3) {
            self.put("answer");
            self.plain();
            self.maybe_text();
            self.put("is");
            let kind = self.random.pick(&[
                "yes or no",
                "one of",
                "a set of",
                "the strictest of",
                "the shortest duration up to 7 days",
            ]);
            self.put(kind);
            if kind.ends_with("of") {
                self.list(Self::label);
            }
            if self.random.chance(3) {
                self.put("only when access is allowed");
            }
        }
    }

    fn promise(&mut self) {
        match self.random.below(5) {
            0 => self.put("never"),
            1 => self.put("possible"),
            2 => {
                self.put("always if");
                self.all();
                self.put("then");
            }
            3 => {
                self.put("unchanged since keyward.old version 1");
                if self.random.chance(5) {
                    return;
                }
                self.put("except when");
            }
            _ => return self.put("if org.mode changes from off to on then pickup.factor never becomes none"),
        }
        self.all();
    }
}

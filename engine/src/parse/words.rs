//! Words and numbers as written: how far they reach, whether they are well made, and what was probably meant.
//! In: the text of one word or number. Out: a message and a mended spelling of the same length.
//! Refuses to know where in a paragraph the word stands.

use super::characters;
use super::literals::{self, Shape};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::keywords;
use crate::span::Span;
use unicode_normalization::UnicodeNormalization;

/// The longest name in bytes.
const LONGEST: usize = 64;

/// Whether a word may start with this character, well made or not.
pub fn starts_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// How many bytes the word at the start of the text has. Hyphens and dots inside belong to it.
pub fn word_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = is_inside(c) || is_mark(c);
        let joins = matches!(c, '-' | '.' | '’' | '\'')
            && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric() || *next == '_');
        if !inside && !joins {
            return at;
        }
    }
    text.len()
}

/// How many bytes the number at the start of the text has, together with whatever is glued to it.
pub fn number_len(text: &str) -> usize {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside = is_inside(c);
        let joins = matches!(c, '-' | '.' | ':') && chars.peek().is_some_and(|(_, next)| next.is_alphanumeric());
        if !inside && !joins {
            return at;
        }
    }
    text.len()
}

/// What is wrong with a word, and a well-made word of the same length to read on with.
pub fn check(word: &str, span: Span, first_on_line: bool) -> Option<(Diagnostic, String)> {
    if is_name(word) {
        return (word.len() > LONGEST).then(|| (too_long(word, span), word.to_owned()));
    }
    let lower = word.to_ascii_lowercase();
    if keywords::find(&lower).is_some() {
        let starts = keywords::starts_item(&lower) && first_on_line;
        let code = if starts { codes::KW103 } else { codes::KW111 };
        let message = format!("the words of the language have no capital letters: `{word}` is written `{lower}`");
        let diagnostic = Diagnostic::new(code, span, message).mend(format!("write `{lower}`"), span, lower.as_str());
        return Some((diagnostic, lower));
    }
    let message = format!("`{}` is not a name: {}", clipped(word), fault(word));
    let mut diagnostic = Diagnostic::new(codes::KW111, span, message)
        .note("a name starts with a small letter and holds small letters a to z, digits and `_`; dots group names");
    let better = if word.len() <= 4 * LONGEST { suggestion(word) } else { String::new() };
    if is_name(&better) && !keywords::is_reserved(&better) && better.len() <= LONGEST {
        diagnostic = diagnostic.hint_edit(format!("write `{better}`"), span, better.as_str());
    }
    Some((diagnostic, same_length(word)))
}

/// What is wrong with a number, and whether it can still be read as some number, date or time.
pub fn check_number(number: &str, span: Span) -> Option<(Diagnostic, bool)> {
    let (message, better, readable) = match literals::shape(number) {
        Shape::Fine => return None,
        Shape::Impossible(message) => (message, None, true),
        Shape::Misspelt(message, better) => (message, better, false),
    };
    let letters = number.bytes().any(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    let code = if letters && better.is_none() { codes::KW111 } else { codes::KW109 };
    let mut diagnostic = Diagnostic::new(code, span, message);
    if let Some(better) = better {
        diagnostic = diagnostic.mend(format!("write `{better}`"), span, better);
    }
    Some((diagnostic, readable))
}

/// Whether the word is a well-made name: dotted parts of small letters, digits and `_`, each starting with a letter.
pub fn is_name(word: &str) -> bool {
    word.split('.').all(|part| {
        part.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
            && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

fn too_long(word: &str, span: Span) -> Diagnostic {
    let message = format!("the name `{}` has {} letters; {LONGEST} are allowed", clipped(word), word.len());
    Diagnostic::new(codes::KW111, span, message)
}

/// The word, shortened where it would flood the message.
fn clipped(word: &str) -> String {
    if word.chars().count() <= 40 { word.to_owned() } else { word.chars().take(30).chain("…".chars()).collect() }
}

fn fault(word: &str) -> &'static str {
    if word.contains('-') {
        "names have no hyphens"
    } else if word.contains(['\'', '’']) {
        "names have no apostrophes"
    } else if !word.is_ascii() {
        "names have only the letters a to z"
    } else if word.bytes().any(|byte| byte.is_ascii_uppercase()) {
        "names have no capital letters"
    } else {
        "every part of a name starts with a letter"
    }
}

/// A well-made name that is close to the word: `UserBadge` becomes `user_badge`, `Gerät-1` becomes `geraet_1`.
fn suggestion(word: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in word.nfc() {
        if c.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit()) {
            out.push('_');
        }
        before = c;
        match spelled(c) {
            Some(letters) => out.push_str(letters),
            None if c == '-' => out.push('_'),
            None => out.extend(
                c.nfd().flat_map(char::to_lowercase).filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')),
            ),
        }
    }
    out.split('.').map(|part| part.trim_start_matches('_')).collect::<Vec<_>>().join(".")
}

/// A well-made name of the same length in bytes, so that reading can go on.
fn same_length(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        let starts = out.is_empty() || out.ends_with('.');
        match (c.to_ascii_lowercase(), spelled(c)) {
            (_, Some(letters)) => out.push_str(letters),
            (c @ 'a'..='z', _) => out.push(c),
            (c @ ('0'..='9' | '_'), _) if !starts => out.push(c),
            ('.', _) if !starts => out.push('.'),
            _ => {
                out.push(if starts { 'x' } else { '_' });
                out.extend(std::iter::repeat_n('_', c.len_utf8() - 1));
            }
        }
    }
    out
}

fn spelled(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'Ä' | 'æ' | 'Æ' => "ae",
        'ö' | 'Ö' | 'œ' => "oe",
        'ü' | 'Ü' => "ue",
        'ß' => "ss",
        _ => return None,
    })
}

fn is_inside(c: char) -> bool {
    (c.is_alphanumeric() || c == '_') && characters::refused(c).is_none()
}

/// Accents that stand behind their letter.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{34E}' | '\u{350}'..='\u{36F}')
}

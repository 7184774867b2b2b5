//! Text made safe and readable: hidden characters shown, long sentences broken, long numbers grouped.
//! In: any text. Out: text without a single control character. Refuses to know where the text comes from.

/// The text with every control, zero-width and direction character written out, and tabs as four blanks.
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        push_visible(&mut out, c);
    }
    out
}

/// Adds one character as `visible` shows it.
pub(super) fn push_visible(out: &mut String, c: char) {
    if c == '\t' {
        out.push_str("    ");
    } else if is_hidden(c) {
        out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
    } else {
        out.push(c);
    }
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0xAD | 0x61C | 0x115F..=0x1160 | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164
            | 0xFE00..=0xFE0F | 0xFEFF | 0xFFF9..=0xFFFB | 0xE0000..=0xE0FFF)
}

/// Breaks a sentence into lines of at most `width` characters, the first of at most `first`. A long word stays whole.
pub fn wrap(text: &str, first: usize, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        let room = if lines.is_empty() { first } else { width };
        if used > 0 && used + 1 + length > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += length;
    }
    lines.push(line);
    lines
}

/// A whole number with a comma before every third digit; anything else stays as it is.
pub fn grouped(number: &str) -> String {
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return number.to_string();
    }
    let mut out = String::with_capacity(number.len() + number.len() / 3);
    for (at, digit) in number.chars().enumerate() {
        if at > 0 && (number.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped("7"), "7");
        assert_eq!(grouped("2880"), "2,880");
        assert_eq!(grouped("16800000000"), "16,800,000,000");
        assert_eq!(grouped("1,000"), "1,000");
    }

    #[test]
    fn b11_no_control_code_reaches_a_terminal() {
        let shown = visible("a\x1b[31mb\u{202e}c\u{200b}d\te\u{0}\r\u{e0041}");
        assert_eq!(shown, "a\\u{1b}[31mb\\u{202e}c\\u{200b}d    e\\u{0}\\u{d}\\u{e0041}");
        assert!(shown.chars().all(|c| !is_hidden(c)));
    }

    #[test]
    fn sentences_break_between_words() {
        assert_eq!(wrap("one two three", 7, 20), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij k", 4, 4), ["abcdefghij", "k"]);
    }
}

//! Which characters a text may hold.
//! In: a character. Out: whether it is a blank, or why it is refused. Refuses to know where it stands.

/// Whether the character separates words. Line breaks are handled by `scan`.
pub fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{A0}' | '\u{2009}' | '\u{202F}')
}

/// Why a character is refused, in a few words; `None` if it may stand in a text.
pub fn refused(c: char) -> Option<&'static str> {
    Some(match c {
        '\t' | '\n' => return None,
        '\0' => "NUL",
        '\r' => "a carriage return without a line feed",
        '\u{1}'..='\u{1F}' | '\u{7F}'..='\u{9F}' => "a control character",
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            "it turns the direction of writing"
        }
        '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{180E}' => "it has no width",
        '\u{FEFF}' => "a byte order mark inside the text",
        '\u{AD}' => "a soft hyphen",
        '\u{2028}' | '\u{2029}' => "a line break that many editors do not show",
        '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}' | '\u{FFA0}' => "it is not shown",
        '\u{2061}'..='\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' => "it is not shown",
        '\u{E0000}'..='\u{E0FFF}' => "it is not shown",
        _ => return None,
    })
}

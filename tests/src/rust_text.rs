//! Rust source as text: comments and strings taken out, tests cut off, paths and test names listed.
//!
//! A scanner of a few dozen lines, good enough for rules about names; it does not parse Rust.

/// The source with comments and the insides of strings replaced by blanks; line numbers stay.
pub fn code_only(text: &str) -> String {
    split(text).0
}

/// The comments of the source (doc comments too), everything else replaced by blanks; line numbers stay.
pub fn comments_only(text: &str) -> String {
    split(text).1
}

/// The source before its trailing test module.
pub fn without_tests(text: &str) -> &str {
    test_start(text).map_or(text, |start| &text[..start])
}

/// The trailing test module, if there is one.
pub fn tests_only(text: &str) -> Option<&str> {
    test_start(text).map(|start| &text[start..])
}

/// The names of functions that carry `#[test]` (or `#[tokio::test]`) or stand in a `proptest!` block.
pub fn test_names(text: &str) -> Vec<String> {
    let code = code_only(text);
    let mut names = Vec::new();
    let plain = code.match_indices("#[test]");
    for (start, _) in plain.chain(code.match_indices("#[tokio::test")) {
        let rest = &code[start..];
        if let Some(at) = rest.find("fn ") {
            names.push(rest[at + 3..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names
}

/// Every path of at least two parts (`crate::span::Span`, `std::fs`), with the groups of `use` lines taken apart.
pub fn paths(text: &str) -> Vec<Vec<String>> {
    let tokens = tokens(&code_only(text));
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let starts = is_name(&tokens[at])
            && tokens.get(at + 1).is_some_and(|next| next == "::")
            && (at == 0 || tokens[at - 1] != "::");
        if starts {
            at = path_tree(&tokens, at, &mut Vec::new(), &mut found);
        } else {
            at += 1;
        }
    }
    found
}

fn path_tree(tokens: &[String], mut at: usize, prefix: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> usize {
    let depth = prefix.len();
    while let Some(token) = tokens.get(at) {
        if token == "{" && tokens[at - 1] == "::" {
            at += 1;
            while tokens.get(at).is_some_and(|token| token != "}") {
                let before = at;
                at = path_tree(tokens, at, prefix, found);
                if tokens.get(at).is_some_and(|token| token == ",") {
                    at += 1;
                }
                if at == before {
                    break;
                }
            }
            prefix.truncate(depth);
            return at + 1;
        }
        if !is_name(token) && token != "*" {
            break;
        }
        prefix.push(token.clone());
        at += 1;
        if tokens.get(at).is_none_or(|next| next != "::") {
            break;
        }
        at += 1;
    }
    if tokens.get(at).is_some_and(|token| token == "as") {
        at += 2;
    }
    found.push(prefix.clone());
    prefix.truncate(depth);
    at
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

fn tokens(code: &str) -> Vec<String> {
    let chars: Vec<char> = code.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        if chars[at].is_alphanumeric() || chars[at] == '_' {
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                at += 1;
            }
        } else if chars[at] == ':' && chars.get(at + 1) == Some(&':') {
            at += 2;
        } else {
            at += 1;
        }
        if !chars[start].is_whitespace() {
            tokens.push(chars[start..at].iter().collect());
        }
    }
    tokens
}

fn test_start(text: &str) -> Option<usize> {
    let code = code_only(text);
    let at = code.match_indices("#[cfg(test)]").find(|(at, found)| {
        let rest = code[at + found.len()..].trim_start();
        rest.starts_with("mod ") || rest.starts_with("#[")
    })?;
    Some(at.0)
}

/// Where the scanner stands.
enum Place {
    Code,
    Line,
    Block(u32),
    Text,
    Raw(usize),
}

fn split(text: &str) -> (String, String) {
    let bytes = text.as_bytes();
    let mut code = vec![b' '; bytes.len()];
    let mut comments = vec![b' '; bytes.len()];
    let mut place = Place::Code;
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'\n' {
            code[at] = b'\n';
            comments[at] = b'\n';
        }
        let step = match place {
            Place::Code => step_code(bytes, at, &mut place, &mut code),
            Place::Line => {
                if bytes[at] == b'\n' {
                    place = Place::Code;
                } else {
                    comments[at] = bytes[at];
                }
                1
            }
            Place::Block(depth) => step_block(bytes, at, depth, &mut place, &mut comments),
            Place::Text if bytes[at] == b'\\' => 2,
            Place::Text => {
                if bytes[at] == b'"' {
                    place = Place::Code;
                }
                1
            }
            Place::Raw(marks) => {
                let closes =
                    bytes[at] == b'"' && bytes[at + 1..].iter().take(marks).filter(|b| **b == b'#').count() == marks;
                if closes {
                    place = Place::Code;
                }
                1
            }
        };
        // A skipped escape may hide a line break, which keeps its line.
        if step == 2 && bytes.get(at + 1) == Some(&b'\n') {
            code[at + 1] = b'\n';
            comments[at + 1] = b'\n';
        }
        at += step;
    }
    (String::from_utf8_lossy(&code).into_owned(), String::from_utf8_lossy(&comments).into_owned())
}

fn step_code(bytes: &[u8], at: usize, place: &mut Place, code: &mut [u8]) -> usize {
    let rest = &bytes[at..];
    let word_before = at > 0 && (bytes[at - 1].is_ascii_alphanumeric() || bytes[at - 1] == b'_');
    if rest.starts_with(b"//") {
        *place = Place::Line;
        return 0;
    }
    if rest.starts_with(b"/*") {
        *place = Place::Block(0);
        return 0;
    }
    if rest[0] == b'"' {
        *place = Place::Text;
        return 1;
    }
    if rest[0] == b'r' && (!word_before || bytes[at - 1] == b'b') {
        let marks = rest[1..].iter().take_while(|byte| **byte == b'#').count();
        if rest.get(1 + marks) == Some(&b'"') {
            *place = Place::Raw(marks);
            return 2 + marks;
        }
    }
    if rest[0] == b'\'' {
        // A character, or a lifetime: only the first has a closing mark nearby.
        if rest.get(1) == Some(&b'\\') {
            return rest.iter().skip(3).position(|byte| *byte == b'\'').map_or(1, |end| end + 4);
        }
        let width = rest.get(1).map_or(1, |first| if *first < 0x80 { 1 } else { first.leading_ones() as usize });
        if rest.get(1 + width) == Some(&b'\'') {
            return 2 + width;
        }
    }
    if rest[0].is_ascii() {
        code[at] = rest[0];
    }
    1
}

fn step_block(bytes: &[u8], at: usize, depth: u32, place: &mut Place, comments: &mut [u8]) -> usize {
    if bytes[at..].starts_with(b"/*") {
        *place = Place::Block(depth + 1);
        return 2;
    }
    if bytes[at..].starts_with(b"*/") {
        *place = if depth <= 1 { Place::Code } else { Place::Block(depth - 1) };
        return 2;
    }
    comments[at] = bytes[at];
    1
}

//! "Did you mean …?": the known word nearest to an unknown one.
//! In: a word and the words that would do. Out: the nearest, or none. Refuses to know what the words name.

/// The nearest word: one that starts with it or has it as a part, else one within a third of its letters of mistakes.
pub(super) fn nearest<'n>(word: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let mut best: Option<(usize, &'n str)> = None;
    for name in names {
        let Some(score) = score(word, name) else { continue };
        if best.is_none_or(|(least, chosen)| (score, name) < (least, chosen)) {
            best = Some((score, name));
        }
    }
    best.map(|(_, name)| name)
}

/// Some words as a sentence lists them: all of a few, else the first twelve and how many more.
pub(super) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const SHOWN: usize = 12;
    let mut text = String::new();
    let mut more = 0;
    for (at, name) in names.into_iter().enumerate() {
        if at >= SHOWN {
            more += 1;
            continue;
        }
        if at > 0 {
            text.push_str(", ");
        }
        text.push_str(name);
    }
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// How far a name is from the word; `None` if too far to suggest.
fn score(word: &str, name: &str) -> Option<usize> {
    let allowed = (word.len() / 3).clamp(1, 3);
    if word.len().abs_diff(name.len()) <= allowed {
        let distance = distance(word, name);
        if distance <= allowed && distance < word.len() {
            return Some(distance);
        }
    }
    if word.len() >= 2 && name.len() > word.len() {
        if name.starts_with(word) {
            return Some(4);
        }
        if name.split(['.', '_']).any(|part| part == word) || name.ends_with(word) {
            return Some(5);
        }
    }
    None
}

/// The number of letters to insert, delete, change or swap with a neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, &x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{distance, listed, nearest};

    #[test]
    fn distances() {
        assert_eq!(distance("badge", "badge"), 0);
        assert_eq!(distance("badeg", "badge"), 1);
        assert_eq!(distance("bage", "badge"), 1);
        assert_eq!(distance("", "badge"), 5);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn suggestions() {
        let methods = ["qr_code", "access_code", "badge"];
        assert_eq!(nearest("qr", methods), Some("qr_code"));
        assert_eq!(nearest("bagde", methods), Some("badge"));
        assert_eq!(nearest("telepathy", methods), None);
        assert_eq!(nearest("x", methods), None);
    }

    #[test]
    fn long_lists_are_cut() {
        let names: Vec<String> = (0..20).map(|n| n.to_string()).collect();
        assert_eq!(listed(names.iter().map(String::as_str)), "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more");
    }
}

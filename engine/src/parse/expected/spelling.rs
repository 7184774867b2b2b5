//! Words that are nearly right.
//! In: a word and the words that would fit. Out: the one that was probably meant. Refuses to know the grammar.

/// The candidate that is closest to the word, if one is close enough to be meant.
pub fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let lower = word.to_lowercase();
    if lower.is_empty() || lower.len() > 20 {
        return None;
    }
    let allowed = match lower.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    let possible = |candidate: &&str| candidate.len() > 2 && candidate.len().abs_diff(lower.len()) <= allowed;
    let near = candidates.into_iter().filter(possible).map(|candidate| (distance(&lower, candidate), candidate));
    near.filter(|(far, _)| *far <= allowed).min().map(|(_, candidate)| candidate)
}

/// Words that people write for a word of the language.
pub fn synonym(word: &str) -> Option<&'static str> {
    Some(match word {
        "are" | "equals" | "was" | "be" => "is",
        "includes" | "contains" | "contain" | "including" => "include",
        "reason" | "since" | "as" => "because",
        "otherwise" | "else" => "normally",
        "define" | "let" | "where" => "term",
        "except" | "unless" => "exception",
        "import" | "uses" => "use",
        "variable" | "param" | "parameter" => "input",
        "option" | "config" => "setting",
        "const" => "constant",
        "assumption" => "assume",
        "scenario" | "example" => "test",
        "assertion" | "ensure" | "require" => "assert",
        "source" | "see" | "ref" => "cite",
        _ => return None,
    })
}

/// Letters to change, add, leave out or swap with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(usize::MAX)
}

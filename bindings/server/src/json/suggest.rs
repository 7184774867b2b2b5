//! The name somebody probably meant.
//! In: a name and the names there are. Out: the nearest, if it is near enough. Refuses to guess far.

/// The nearest of some names, at most a third of the letters away; the first of several.
pub fn nearest<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > 80 {
        return None;
    }
    let lower = name.to_lowercase();
    let last = |name: &str| name.rsplit('.').next().unwrap_or("").to_string();
    let mut best: Option<(usize, &str)> = None;
    for candidate in names {
        let whole = distance(&lower, candidate);
        let part = if !lower.contains('.') && last(candidate) == lower { 1 } else { usize::MAX };
        let begins = if lower.len() >= 2 && candidate.starts_with(&lower) { 1 } else { usize::MAX };
        let far = whole.min(part).min(begins);
        let limit = (candidate.chars().count().max(lower.chars().count()) / 3).max(1);
        if far <= limit && best.is_none_or(|(least, _)| far < least) {
            best = Some((far, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// How many letters are added, left out, replaced or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut cost = (row[j] + usize::from(a != b)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && from[i - 1] == *b && to[j - 1] == *a {
                cost = cost.min(before[j - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_is_found_and_far_is_not() {
        let names = ["qr_code", "access_code", "person.job", "org.my_rule"];
        let find = |name| nearest(name, names.iter().copied());
        assert_eq!(find("qr"), Some("qr_code"));
        assert_eq!(find("qr_cod"), Some("qr_code"));
        assert_eq!(find("acess_code"), Some("access_code"));
        assert_eq!(find("job"), Some("person.job"));
        assert_eq!(find("person.jbo"), Some("person.job"));
        assert_eq!(find("fingerprint"), None);
    }
}

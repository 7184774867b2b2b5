//! What a key must not be called (R17). In: a name, and where the lock is. Out: what in it would tell a finder where to go. Refuses to
//! forbid: whether a warning stops anything is a setting.

/// What is wrong with the name of a key; nothing if it is neutral.
#[must_use]
pub fn label(name: &str, address: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|one: char| !one.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| word.starts_with(|one: char| one.is_ascii_digit()) && word.len() <= 5;
    let street = |word: &str| {
        let ends =
            ["street", "strasse", "straße", "gasse", "weg", "platz", "allee", "avenue", "road", "lane", "straat"];
        let is = ["st", "ave", "rd", "blvd", "rue", "via", "calle", "drive", "court", "square"];
        ends.iter().any(|end| word.ends_with(end)) || is.contains(&word)
    };
    let streets = words.iter().any(|word| street(word));
    let numbers = words.iter().any(|word| number(word));
    let same = address.to_lowercase();
    let told = words.iter().filter(|word| word.len() > 3 && !number(word) && same.contains(**word)).count();
    if streets && numbers {
        Some("This name looks like an address. Whoever finds the key would know where to go.")
    } else if told > 0 {
        Some("This name repeats part of the address. Whoever finds the key would know where to go.")
    } else if words
        .windows(2)
        .any(|pair| matches!(pair[0], "apt" | "unit" | "flat" | "wohnung" | "room") && number(pair[1]))
    {
        Some("This name holds the number of a flat or unit. Whoever finds the key would know where to go.")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn r17_v25_names_that_tell_where_to_go() {
        for name in ["12 Elm Street 4B", "Hauptstrasse 7", "unit 12", "Rue Pasteur 3"] {
            assert!(label(name, "").is_some(), "{name}");
        }
        assert!(label("Riverside front", "Riverside 4, Springfield").is_some());
        for name in ["Blue 7", "Patrol car 12", "Van A", "Key 4711"] {
            assert_eq!(label(name, "Hauptstrasse 7"), None, "{name}");
        }
    }
}

//! P4: the laws of the language on random policies. `KEYWARD_CASES` sets the number of policies for each law.

use keyward_tests::differential::setting;
use keyward_tests::laws::{LAWS, try_law};

/// P4: 10^3 policies a law in the gate; `KEYWARD_CASES=1000000` for a release.
#[test]
fn p4_laws() {
    let cases = setting("KEYWARD_CASES", 1_000);
    let seed = setting("KEYWARD_SEED", 500_000) as u64;
    let mut broken = Vec::new();
    std::thread::scope(|scope| {
        let (first, second) = LAWS.split_at(LAWS.len() / 2);
        let part = |laws: &'static [(&'static str, keyward_tests::laws::Law)]| {
            let tried = laws.iter().map(|(name, law)| (*name, try_law(*law, cases, seed)));
            tried.collect::<Vec<_>>()
        };
        let other = scope.spawn(move || part(second));
        let mut records = part(first);
        records.extend(other.join().expect("the other half of the laws runs to its end"));
        for (name, record) in records {
            println!("{name}: holds on {} policies, silent on {}", record.holds, record.silent);
            if let Some((seed, how)) = record.broken {
                broken.push(format!("{name}: seed {seed}: {how}"));
            } else if record.holds < cases {
                broken.push(format!("{name}: only {} policies to speak of", record.holds));
            }
        }
    });
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

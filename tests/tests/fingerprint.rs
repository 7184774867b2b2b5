//! The fingerprint of a meaning: pairs of versions have the same if and only if no request tells them apart.
//! `KEYWARD_CASES` sets the number of pairs and `KEYWARD_SEED` the first seed, for longer runs.

use keyward::analyze::analyze;
use keyward::compare::compare;
use keyward::diagnostic::Diagnostic;
use keyward::emit::fingerprint;
use keyward::lower::{lower, pair};
use keyward::model::{Classifier, Model};
use keyward::typed::Policy;
use keyward_tests::comparison::edit::EDITS;
use keyward_tests::differential::{read, setting};
use keyward_tests::generate::{self, Random};

/// A sound policy's model.
fn sound(policy: &Policy) -> Option<Model> {
    let mut model = lower(policy).ok()?;
    let report = analyze(policy, &mut model);
    (!report.diagnostics.iter().any(Diagnostic::is_error)).then_some(model)
}

/// Whether it asks if two identifiers are the same.
fn compares(model: &Model) -> bool {
    let same =
        |classifier: &Classifier| matches!(classifier, Classifier::Identifier { same_as, .. } if !same_as.is_empty());
    model.coordinates.iter().any(|coordinate| same(&coordinate.classifier))
}

/// The fingerprint of a text.
fn of(text: String) -> Option<[u8; 16]> {
    fingerprint(&sound(&read(&[text]).ok()?)?).ok()
}

/// Each side is lowered by itself, so that values fall into other classes on either side; the comparison is by common ones.
#[test]
fn versions_share_a_fingerprint_if_and_only_if_they_answer_alike() {
    let wanted = setting("KEYWARD_CASES", 600);
    let mut seed = setting("KEYWARD_SEED", 0) as u64;
    let (mut alike, mut different) = (0, 0);
    while alike + different < wanted {
        seed += 1;
        let Ok(old) = read(&[generate::policy(seed % 4_000).text()]) else { continue };
        let mut random = Random::new(seed);
        let mut new = old.clone();
        for _ in 0..=random.below(3) {
            let Some((_, edit)) = random.pick(EDITS) else { continue };
            edit(&mut new, &mut random);
        }
        let (Some(before), Some(after)) = (sound(&old), sound(&new)) else { continue };
        let Ok(mut both) = pair(&old, &new, Some(&after)) else { continue };
        let Ok(found) = compare(&old, &new, &mut both) else { continue };
        // A value more that nothing asks about is no other meaning, and identifiers that are compared depend on what is named.
        let changed = found.changed.requests != "0";
        let accepted = found.no_longer_accepted.is_some() || found.newly_accepted.is_some();
        if !changed && (!found.vocabulary.is_empty() || compares(&before) || compares(&after)) {
            continue;
        }
        let moved = changed || accepted;
        let same = fingerprint(&before).expect("in budget") == fingerprint(&after).expect("in budget");
        assert_eq!(same, !moved, "seed {seed}: {:?}", found.directions);
        if moved { different += 1 } else { alike += 1 }
    }
    println!("{alike} pairs alike, {different} different, up to seed {seed}");
    assert!(alike * 10 > wanted && different * 10 > wanted, "{alike} alike, {different} different");
}

/// How a policy is written does not show.
#[test]
fn spelling_and_order_do_not_show() {
    let mut compared = 0;
    for seed in 0..300 {
        let source = generate::policy(seed);
        let Some(model) = read(&[source.text()]).ok().and_then(|policy| sound(&policy)) else { continue };
        if compares(&model) {
            continue;
        }
        let own = fingerprint(&model).expect("in budget");
        let shuffled = source.shuffled(&mut Random::new(seed ^ 0xABC));
        assert_eq!(of(shuffled.text()), Some(own), "seed {seed}");
        let renamed = source.text().replace("rule ", "rule also_").replace(" to rule also_", " to ");
        if let Some(renamed) = of(renamed) {
            assert_eq!(renamed, own, "seed {seed}, rules renamed");
        }
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

/// Two answers of the same values are not each other.
#[test]
fn answers_do_not_change_places() {
    let text = |first: &str, second: &str| {
        format!(
            "edition 2026\npolicy acme.two version 1\ninput c is yes or no\ndecision d\n  answer near is one of x, y\n  \
             answer far is one of x, y\nif unsure near is y and far is y\nnormally near is x and far is x\n  \
             because \"So it is.\"\nrule r when c is yes then {first} is y and {second} is x because \"C.\"\n"
        )
    };
    let (one, other) = (of(text("near", "far")), of(text("far", "near")));
    assert!(one.is_some() && other.is_some());
    assert_ne!(one, other);
    assert_eq!(of(text("near", "far").replace("rule r", "rule another_name")), one);
}

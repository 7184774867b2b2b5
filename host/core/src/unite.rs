//! Many answers, one outcome. In: what `access`, `pickup` and `after_hours` say, and what has been shown. Out: deny > pend > challenge
//! > allow, demands added, the most restrictive wins. Refuses to ask anybody: it is a function.

use crate::desk::Answer;
use crate::kinds::{FactorKind, Method, Proof};
use std::collections::BTreeSet;

/// One demand: any of these proofs meets it.
pub type Demand = Vec<Proof>;

/// What was shown and said so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Proofs beside the method.
    pub proofs: BTreeSet<Proof>,
    /// Whether a reason was given.
    pub reason: bool,
    /// How many other people agreed.
    pub approvers: u8,
    /// Whether the supervisor did.
    pub acknowledged: bool,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The bin may open.
    Allow,
    /// These demands are not met yet, in the order they are asked for; `reason`: a reason is asked for first.
    Challenge {
        /// A reason is missing.
        reason: bool,
        /// Proofs that are missing.
        demands: Vec<Demand>,
    },
    /// Everything is shown; other people have to agree.
    Pend {
        /// How many in all.
        people: u8,
        /// Whether the supervisor has to answer.
        supervisor: bool,
    },
    /// No, and why: reasons, and what to say.
    Deny {
        /// `policy.reason`.
        refusals: Vec<String>,
        /// What to tell the person.
        words: Vec<String>,
    },
}

/// The outcome of all policies that apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct United {
    /// What is to be done.
    pub effect: Effect,
    /// Kinds of proof that were shown.
    pub factors: BTreeSet<FactorKind>,
    /// Whether the place is closed, or the glass is broken.
    pub after_hours: bool,
    /// Minutes the key may be out.
    pub return_within: Option<u32>,
    /// What to do and whom to tell.
    pub duties: BTreeSet<String>,
    /// What stands in the record.
    pub flags: Vec<String>,
}

/// Unites. `ordinary` and `later` are `access` and `after_hours`, `second` is `pickup`.
#[must_use]
pub fn unite(method: Method, ordinary: &Answer, second: &Answer, later: &Answer, shown: &Shown) -> United {
    let kinds: BTreeSet<FactorKind> =
        method.kind().into_iter().chain(shown.proofs.iter().filter_map(|proof| proof.kind())).collect();
    let wanted = later.name("kinds").parse::<usize>().unwrap_or(1);
    let mut duties: BTreeSet<String> = BTreeSet::new();
    for (answer, name) in [(ordinary, "alerts"), (ordinary, "notes"), (later, "alerts"), (later, "steps")] {
        duties.extend(answer.members(name).iter().cloned());
    }
    let mut flags = second.members("flags").to_vec();
    flags.extend(ordinary.members("grounds").iter().cloned());
    let united = |effect| United {
        effect,
        factors: kinds.clone(),
        after_hours: wanted > 1,
        return_within: later.minutes("return_within"),
        duties: duties.clone(),
        flags: flags.clone(),
    };
    let all = [ordinary, second, later];
    if all.iter().any(|answer| !answer.allows()) {
        return united(denied(&all));
    }
    let demands: Vec<Demand> = demands(second, later)
        .into_iter()
        .filter(|demand| !demand.iter().any(|proof| shown.proofs.contains(proof)))
        .collect();
    let reason = all.iter().any(|answer| answer.name("release") == "after_reason") && !shown.reason;
    if reason || !demands.is_empty() {
        return united(Effect::Challenge { reason, demands });
    }
    // The policies ask for as many kinds as they want to see. Should one ever forget, the bin stays shut.
    // (One kind is what every method by day counts for; a number is legal there, and flagged: R34.)
    if wanted > 1 && kinds.len() < wanted {
        let words = vec!["Another kind of proof is needed.".to_string()];
        return united(Effect::Deny { refusals: vec!["after_hours.no_second_kind".to_string()], words });
    }
    let people = later.name("approvers").parse::<u8>().unwrap_or(0);
    let supervisor = later.has("steps", "acknowledge_supervisor");
    if shown.approvers < people || supervisor && !shown.acknowledged {
        return united(Effect::Pend { people, supervisor });
    }
    united(Effect::Allow)
}

fn denied(all: &[&Answer]) -> Effect {
    let (mut refusals, mut words) = (Vec::new(), Vec::new());
    for answer in all.iter().filter(|answer| !answer.allows()) {
        let policy = answer.asked.policy.trim_start_matches("keyward.");
        let policy =
            ["access", "pickup", "after_hours"].into_iter().find(|name| policy.starts_with(name)).unwrap_or(policy);
        if answer.members("refusals").is_empty() {
            refusals.push(format!("{policy}.refused"));
        }
        refusals.extend(answer.members("refusals").iter().map(|refusal| format!("{policy}.{refusal}")));
        words.extend(answer.because.iter().map(|(_, text)| text.clone()));
    }
    words.dedup();
    Effect::Deny { refusals, words }
}

/// What both policies demand, each demand once. A demand that another one implies is left out.
fn demands(second: &Answer, later: &Answer) -> Vec<Demand> {
    let mut all: Vec<Demand> = Vec::new();
    match second.name("factor") {
        "pin" => all.push(vec![Proof::Pin]),
        "code" => all.push(vec![Proof::Code]),
        "authenticator" => all.push(vec![Proof::Authenticator]),
        _ => {}
    }
    for name in second.members("proofs").iter().chain(later.members("proofs")) {
        all.push(match name.as_str() {
            "pin" => vec![Proof::Pin],
            "otp" => vec![Proof::Code, Proof::Authenticator],
            "fingerprint" => vec![Proof::Fingerprint],
            "pin_or_fingerprint" => vec![Proof::Pin, Proof::Fingerprint],
            "badge_or_otp" => vec![Proof::Badge, Proof::Code, Proof::Authenticator],
            "badge_otp_or_fingerprint" => vec![Proof::Badge, Proof::Code, Proof::Authenticator, Proof::Fingerprint],
            "presence_code" => vec![Proof::PresenceCode],
            "new_sign_in" => vec![Proof::NewSignIn],
            // A proof this host does not know cannot be shown to it: the demand is never met.
            _ => Vec::new(),
        });
    }
    let narrower = |demand: &Demand| {
        let fewer = |other: &Demand| other.len() < demand.len() && other.iter().all(|proof| demand.contains(proof));
        all.iter().any(|other| fewer(other) && !other.is_empty())
    };
    let mut kept: Vec<Demand> = all.iter().filter(|demand| !narrower(demand)).cloned().collect();
    let place = |demand: &Demand| {
        demand.first().map_or(9, |proof| match proof {
            Proof::PresenceCode => 0,
            Proof::NewSignIn => 1,
            Proof::Badge => 2,
            Proof::Pin => 3,
            Proof::Fingerprint => 4,
            Proof::Code | Proof::Authenticator => 5,
        })
    };
    kept.sort_by_key(place);
    kept.dedup();
    kept
}

#[cfg(test)]
mod tests {
    use super::{Effect, Shown, unite};
    use crate::desk::Answer;
    use crate::event::Asked;
    use crate::kinds::{Method, Proof};
    use keyward_server::json::Said;
    use std::collections::BTreeMap;

    fn answer(policy: &str, said: &[(&str, Said)]) -> Answer {
        let asked = Asked {
            policy: format!("keyward.{policy}"),
            decision: String::new(),
            digest: String::new(),
            status: "ok".to_string(),
            answers: BTreeMap::new(),
            rules: Vec::new(),
            facts: String::new(),
            ids: BTreeMap::new(),
            location: None,
        };
        let said = said.iter().map(|(name, said)| ((*name).to_string(), said.clone())).collect();
        Answer { asked, sure: true, said, because: Vec::new() }
    }

    fn name(word: &str) -> Said {
        Said::Name(word.to_string())
    }

    fn set(words: &[&str]) -> Said {
        Said::Set(words.iter().map(|word| (*word).to_string()).collect())
    }

    /// All three allow, one asks for something.
    fn three(factor: &str, proofs: &[&str], kinds: &str) -> [Answer; 3] {
        let access = ("access", name("allowed"));
        [
            answer("access", std::slice::from_ref(&access)),
            answer("pickup", &[access.clone(), ("factor", name(factor))]),
            answer("after_hours", &[access, ("kinds", name(kinds)), ("proofs", set(proofs))]),
        ]
    }

    fn effect(answers: &[Answer; 3], shown: &Shown) -> Effect {
        unite(Method::Badge, &answers[0], &answers[1], &answers[2], shown).effect
    }

    #[test]
    fn w16_an_answer_that_is_not_sure_or_missing_denies() {
        for at in 0..3 {
            let mut answers = three("none", &[], "1");
            assert_eq!(effect(&answers, &Shown::default()), Effect::Allow);
            answers[at].sure = false;
            assert!(matches!(effect(&answers, &Shown::default()), Effect::Deny { .. }), "{at}");
            answers[at].sure = true;
            answers[at].said.clear();
            assert!(matches!(effect(&answers, &Shown::default()), Effect::Deny { .. }), "{at}");
        }
    }

    #[test]
    fn demands_are_added_and_one_proof_meets_all_that_it_can() {
        let answers = three("code", &["badge_or_otp", "pin_or_fingerprint"], "2");
        let open = |shown: &[Proof]| {
            let shown = Shown { proofs: shown.iter().copied().collect(), ..Shown::default() };
            match effect(&answers, &shown) {
                Effect::Challenge { demands, .. } => demands.len(),
                Effect::Allow => 0,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(open(&[]), 2, "a code meets both `code` and `badge_or_otp`");
        assert_eq!(open(&[Proof::Badge]), 2, "a badge is not the code that is asked for");
        assert_eq!(open(&[Proof::Code]), 1);
        assert_eq!(open(&[Proof::Code, Proof::Fingerprint]), 0);
    }

    #[test]
    fn x13_two_of_a_kind_count_once_and_a_proof_nobody_knows_is_never_met() {
        let all =
            Shown { proofs: Proof::ALL.iter().copied().collect(), reason: true, approvers: 9, acknowledged: true };
        assert!(matches!(effect(&three("none", &["retina"], "1"), &all), Effect::Challenge { .. }));
        let code = Shown { proofs: [Proof::Code].into(), ..Shown::default() };
        assert!(
            matches!(effect(&three("none", &[], "2"), &code), Effect::Deny { .. }),
            "a badge and a code are both something to hold"
        );
        assert_eq!(
            effect(&three("none", &[], "2"), &Shown { proofs: [Proof::Pin].into(), ..Shown::default() }),
            Effect::Allow
        );
    }
}

//! An organization's own policies over HTTP (F05): written, refused, compared, tried on history, agreed to, published, taken back; and past
//! decisions asked again (F22).
//! In: requests. Out: what is in force. What a draft would have changed is counted against what the log says.

mod desk;

use desk::{Desk, LockBox};
use serde_json::{Value, json};

/// A policy that refuses a kind of key to everybody by one method.
fn own(base: &str, version: u32, rule: &str) -> Value {
    let text = format!(
        "edition 2026\npolicy acme.pickup version {version} \"Acme: pickups\"\n  refines {base} version 1\n\n{rule}\n"
    );
    json!({ "text": text, "why": "badges were shared" })
}

const NO_BADGES: &str = "rule no_badges\n  when method is badge\n  then access is refused and refusals include locked\n  because \"Badges are not used here any more.\"";

async fn take(desk: &Desk, lockbox: &LockBox, badge: &str, key: &str) -> Value {
    let visit = lockbox.ask(desk, "POST", "visits", &json!({ "method": "badge", "value": badge })).await.fine();
    let path = format!("visits/{}/key", visit.text("visit"));
    lockbox.ask(desk, "POST", &path, &json!({ "key": key })).await.body
}

/// Takes a key by badge and brings it back.
async fn round(desk: &Desk, lockbox: &LockBox, badge: &str, key: &str) {
    let open = take(desk, lockbox, badge, key).await;
    assert_eq!(open["next"], "open", "{open}");
    let path = |what: &str| format!("operations/{}/{what}", open["operation"].as_str().expect("an opening"));
    lockbox.ask(desk, "POST", &path("begin"), &json!({})).await.fine();
    lockbox.ask(desk, "POST", &path("report"), &json!({ "what": "taken", "verified": true })).await.fine();
    let back = lockbox.ask(desk, "POST", "returns", &json!({ "fob": "fob-car" })).await.fine();
    let path = format!("operations/{}/report", back.text("operation"));
    lockbox.ask(desk, "POST", &path, &json!({ "what": "placed" })).await.fine();
}

#[tokio::test]
async fn f05_a_policy_of_ones_own_is_written_compared_tried_published_obeyed_and_taken_back() {
    let desk = Desk::new("acme").await;
    let lockbox = LockBox::new(&desk, 2).await;
    let car = lockbox.key(&desk, "Patrol car 12", "fob-car", 0).await;
    lockbox.somebody(&desk, "Ada Able", "+4366000003", "badge-ada").await;
    for _ in 0..3 {
        round(&desk, &lockbox, "badge-ada", &car).await;
        desk.wait(600);
    }
    let shipped = desk.admin("GET", "policies", &Value::Null).await.fine();
    let pickup = |all: &Value| all["policies"][1]["digest"].as_str().expect("a digest").to_string();
    let base = shipped.body["policies"][1]["refines"].as_str().expect("a name").to_string();

    let asked = own(&base, 1, NO_BADGES);
    let text = json!({ "text": asked["text"] });
    let found = desk.admin("POST", "policies/pickup/check", &text).await.fine();
    assert_eq!(found.body["errors"], json!([]), "{}", found.text);
    let made = desk.admin("POST", "policies/pickup/drafts", &asked).await.fine();
    let draft = made.text("draft");
    let seen = desk.admin("GET", &format!("drafts/{draft}"), &Value::Null).await.fine();
    assert_eq!(
        (seen.text("text"), seen.text("state")),
        (asked["text"].as_str().expect("text").to_string(), "open".into())
    );

    let difference = desk.admin("GET", &format!("drafts/{draft}/difference"), &Value::Null).await.fine();
    assert!(difference.text.contains("no_badges"), "{}", difference.text);
    let history = desk.admin("POST", &format!("drafts/{draft}/replay"), &json!({})).await.fine();
    let decided = log(&desk).await.iter().filter(|entry| about(entry, "pickup")).map(asked_pickups).sum::<usize>();
    assert_eq!(history.body["asked"], json!(decided), "{}", history.text);
    assert_eq!(history.body["changed"], json!(decided), "every pickup was by badge: {}", history.text);
    let refused = json!({ "answer": "access", "from": "\"allowed\"", "to": "\"refused\"", "count": decided });
    assert!(history.body["answers"].as_array().expect("answers").contains(&refused), "{}", history.text);
    let past = json!({ "until": "2026-11-01T00:00:00Z" });
    let nothing = desk.admin("POST", &format!("drafts/{draft}/replay"), &past).await.fine();
    assert_eq!(nothing.body["asked"], json!(0), "nothing happened before");

    let before = desk.admin("GET", "policies", &Value::Null).await;
    let publish = format!("drafts/{draft}/publication");
    let accepts = json!({ "accepts": "seen, and wanted" });
    let published = desk.admin("POST", &publish, &accepts).await.fine();
    let after = desk.admin("GET", "policies", &Value::Null).await;
    assert_ne!(pickup(&before.body), pickup(&after.body));
    assert_eq!(published.text("digest"), pickup(&after.body));
    let refused = take(&desk, &lockbox, "badge-ada", &car).await;
    assert_eq!(refused["next"], "refused", "the next decision obeys: {refused}");
    assert!(refused["words"].to_string().contains("Badges are not used here any more."), "{refused}");
    assert_eq!(desk.admin("POST", &publish, &accepts).await.status, 409, "once");

    // The refusal is asked again of the module that made it, which the host has kept.
    let last = log(&desk).await.into_iter().rev().find(|entry| entry["type"] == "pickup.denied").expect("a refusal");
    let again = desk.admin("GET", &format!("log/{}/decisions", last["seq"]), &Value::Null).await.fine();
    let second = &again.body["decisions"][1];
    assert_eq!((&second["decision"], &second["again"]["same"]), (&json!("pickup"), &json!(true)), "{}", again.text);
    assert_eq!(second["again"]["facts"]["method"], "badge");
    assert!(second["again"]["because"].to_string().contains("Badges are not used here any more."));
    let digest = second["digest"].as_str().expect("a digest");
    let bytes = desk.admin("GET", &format!("modules/{digest}"), &Value::Null).await.fine();
    assert!(bytes.text.starts_with("\u{0}asm"), "a module");

    let back = json!({ "why": "badges are back" });
    desk.admin("POST", "policies/pickup/rollback", &back).await.fine();
    assert_eq!(desk.admin("POST", "policies/pickup/rollback", &back).await.status, 409);
    round(&desk, &lockbox, "badge-ada", &car).await;
    let over = desk.admin("GET", &format!("drafts/{draft}"), &Value::Null).await;
    assert_eq!(over.text("state"), "retired");
}

fn about(entry: &Value, decision: &str) -> bool {
    entry["decisions"].as_array().is_some_and(|all| all.iter().any(|asked| asked["decision"] == decision))
}

fn asked_pickups(entry: &Value) -> usize {
    entry["decisions"].as_array().map_or(0, |all| all.iter().filter(|asked| asked["decision"] == "pickup").count())
}

async fn log(desk: &Desk) -> Vec<Value> {
    let text = desk.admin("GET", "log?limit=1000", &Value::Null).await.fine().text;
    text.lines().map(|line| serde_json::from_str(line).expect("an entry")).collect()
}

#[tokio::test]
async fn f05_what_has_errors_is_kept_and_not_published_and_each_error_says_the_way_out() {
    let desk = Desk::new("acme").await;
    let shipped = desk.admin("GET", "policies", &Value::Null).await.fine();
    let base = shipped.body["policies"][1]["refines"].as_str().expect("a name").to_string();
    let broken = [
        (own(&base, 1, "rule\n"), ""),
        (own("keyward.access", 1, ""), "it must say `refines"),
        (
            own(
                &base,
                1,
                "input moon is one of full, new\nrule tides\n  when moon is full\n  then access is refused and refusals include locked\n  because \"Not tonight.\"",
            ),
            "does not know `moon`",
        ),
        (
            own(
                &base,
                1,
                "setting moon \"the moon counts\" is yes or no default no\nrule tides\n  when moon is yes and method is badge\n  then access is refused and refusals include locked\n  because \"Not tonight.\"",
            ),
            "begins with `org.`",
        ),
        (own(&base, 1, "assert never_open \"Nobody takes anything\"\n  never pickup.access is allowed"), "never_open"),
    ];
    for (asked, way_out) in broken {
        let made = desk.admin("POST", "policies/pickup/drafts", &asked).await.fine();
        assert!(made.body["errors"].to_string().contains(way_out), "{way_out} in {}", made.text);
        assert_ne!(made.body["errors"], json!([]), "{}", made.text);
        let draft = made.text("draft");
        let kept = desk.admin("GET", &format!("drafts/{draft}"), &Value::Null).await.fine();
        assert_eq!(kept.body["text"], asked["text"], "nothing is lost");
        let refused = desk.admin("POST", &format!("drafts/{draft}/publication"), &json!({ "accepts": "x" })).await;
        assert_eq!((refused.status.as_u16(), refused.text("code")), (409, "conflict".into()), "{}", refused.text);
        desk.admin("DELETE", &format!("drafts/{draft}"), &json!({})).await.fine();
    }
    let wrong = desk.admin("POST", "policies/pickup/drafts", &json!({ "text": "", "why": "" })).await;
    assert_eq!((wrong.status.as_u16(), wrong.text("field")), (422, "why".into()));
    assert_eq!(desk.admin("POST", "policies/moon/check", &json!({ "text": "" })).await.status, 404);
}

#[tokio::test]
async fn t23_somebody_else_has_to_agree_where_there_is_somebody_else() {
    let desk = Desk::new("acme").await;
    let base = desk.admin("GET", "policies", &Value::Null).await.body["policies"][1]["refines"]
        .as_str()
        .expect("a name")
        .to_string();
    let second = json!({ "name": "Otto", "email": "otto@example.org", "mobile": "+4366000009", "password": "granite lantern 88 fog" });
    let otto = desk.admin("POST", "people", &second).await.fine().text("person");
    desk.admin("PUT", &format!("people/{otto}/role"), &json!({ "role": "org_admin" })).await.fine();
    let otto_in = desk.sign_in("otto@example.org", "granite lantern 88 fog", "+4366000009").await;
    let draft = desk.admin("POST", "policies/pickup/drafts", &own(&base, 1, NO_BADGES)).await.fine().text("draft");
    let accepts = json!({ "accepts": "seen" });
    let publish = format!("drafts/{draft}/publication");
    let alone = desk.admin("POST", &publish, &accepts).await;
    assert_eq!(alone.status, 409, "{}", alone.text);
    let own_word = desk.admin("POST", &format!("drafts/{draft}/approval"), &json!({})).await;
    assert_eq!(own_word.status, 403, "{}", own_word.text);
    let path = format!("/v1/acme/drafts/{draft}/approval");
    desk.post(&path, Some(&otto_in), &json!({})).await.fine();
    desk.admin("POST", &publish, &accepts).await.fine();
}

#[tokio::test]
async fn a_policy_of_ones_own_for_the_night_stands_under_the_hours_of_every_place() {
    let desk = Desk::new("acme").await;
    let lockbox = LockBox::new(&desk, 2).await;
    let car = lockbox.key(&desk, "Patrol car 12", "fob-car", 0).await;
    lockbox.somebody(&desk, "Ada Able", "+4366000003", "badge-ada").await;
    let place = desk.admin("GET", "locations", &Value::Null).await.body["locations"][0]["location"]
        .as_str()
        .expect("a place")
        .to_string();
    let all = desk.admin("GET", "policies", &Value::Null).await;
    let base = all.body["policies"][2]["refines"].as_str().expect("a name");
    let text = format!(
        "edition 2026\npolicy acme.night version 4 \"Acme: nights\"\n  refines {base} version 1\n\n\
         rule nobody_at_night\n  when method is badge and closed and key.sensitivity is normal\n  then access is refused and refusals include barred\n  because \"No badges at night.\"\n"
    );
    let made =
        desk.admin("POST", "policies/after_hours/drafts", &json!({ "text": text, "why": "a break-in" })).await.fine();
    assert_eq!(made.body["errors"], json!([]), "{}", made.text);
    let draft = made.text("draft");
    desk.admin("POST", &format!("drafts/{draft}/publication"), &json!({ "accepts": "seen" })).await.fine();
    round(&desk, &lockbox, "badge-ada", &car).await;
    desk.admin("PUT", &format!("locations/{place}/hours"), &json!({ "weekly": [] })).await.fine();
    let refused = take(&desk, &lockbox, "badge-ada", &car).await;
    assert!(refused["words"].to_string().contains("No badges at night."), "{refused}");
    // What happened at noon is asked again with the hours of noon.
    let history = desk.admin("POST", &format!("drafts/{draft}/replay"), &json!({})).await.fine();
    assert_eq!((&history.body["changed"], &history.body["not_askable"]), (&json!(0), &json!(0)), "{}", history.text);
}

//! Notices, procedures, reviews and counts over HTTP: what administrators, reviewers and auditors do (R15-R19, R42, R59-R64, F27).

mod desk;

use desk::{Desk, LockBox};
use serde_json::{Value, json};

#[tokio::test]
async fn r15_r16_r18_r19_r23_r42_x18_everybody_is_told_and_who_read_it_is_written_down() {
    let desk = Desk::new("acme").await;
    let told = desk.admin("GET", "notices", &Value::Null).await.fine();
    for word in [
        "shared_responsibility",
        "boxes_are_no_vaults",
        "neutral_labels",
        "off_means_exposed",
        "login_code",
        "residual_risk",
    ] {
        assert!(told.text.contains(word), "{word}");
    }
    assert_eq!(told.body["acknowledged"], Value::Null);
    let old = desk.admin("POST", "notices", &json!({ "version": 0 })).await;
    assert_eq!((old.status.as_u16(), old.text("field")), (422, "version".into()));
    desk.admin("POST", "notices", &json!({ "version": told.body["version"] })).await.fine();
    let read = desk.admin("GET", "notices", &Value::Null).await.fine();
    assert_eq!(read.body["acknowledged"]["name"], "Olga");
    // X18: any place without a recorded protection is warned of.
    let bare = desk.admin("POST", "locations", &json!({ "name": "Yard", "tz": "UTC" })).await.fine();
    assert!(bare.text("warning").contains("no vault"), "{}", bare.text);
    let watched =
        desk.admin("POST", "locations", &json!({ "name": "Hall", "tz": "UTC", "placement": ["camera"] })).await.fine();
    assert_eq!(watched.body["warning"], Value::Null);
    let page = desk.call("GET", "/security", None, None).await;
    assert!(page.status.is_success() && page.text.contains("## Reporting") && page.text.contains("argon2id"));
}

#[tokio::test]
async fn r59_r60_r64_f27_a_procedure_a_review_and_a_count_over_http() {
    let desk = Desk::new("acme").await;
    let lockbox = LockBox::new(&desk, 2).await;
    let car = lockbox.key(&desk, "Patrol car 12", "fob-car", 0).await;
    let ada = lockbox.somebody(&desk, "Ada Able", "+4366000003", "badge-ada").await;
    let mia = json!({ "name": "Mia Manager", "email": "mia@example.org", "mobile": "+4366000007", "password": "cobalt meadow 31 tin" });
    let mia = desk.admin("POST", "people", &mia).await.fine().text("person");
    desk.admin("PUT", &format!("people/{mia}/role"), &json!({ "role": "manager" })).await.fine();
    let session = desk.sign_in("mia@example.org", "cobalt meadow 31 tin", "+4366000007").await;
    let as_mia = async |method: &str, path: &str, body: Value| {
        let body = if method == "GET" { None } else { Some(&body) };
        desk.call(method, &format!("/v1/acme/{path}"), Some(&session), body).await
    };
    let card =
        json!({ "title": "Nights", "owner": mia, "situations": [{ "reason": "repair", "text": "Something broke" }] });
    let made = desk.admin("POST", "procedures", &card).await.fine();
    let path = format!("procedures/{}", made.text("procedure"));
    assert_eq!(desk.admin("PUT", &path, &card).await.fine().body["version"], 2);
    let found = as_mia("GET", "procedures/check", json!({})).await.fine();
    assert!(found.text.contains("section_empty"), "{}", found.text);
    as_mia("POST", &format!("{path}/review"), json!({ "note": "read it" })).await.fine();
    assert_eq!(as_mia("DELETE", &path, json!({})).await.status.as_u16(), 403);
    desk.admin("DELETE", &path, &json!({})).await.fine();

    let begun = desk.admin("POST", "reviews", &json!({ "reviewer": mia, "due": "2026-12-24T00:00:00Z" })).await.fine();
    assert_eq!(begun.body["lines"], 1);
    let path = format!("reviews/{}", begun.text("review"));
    let seen = as_mia("GET", &path, json!({})).await.fine();
    assert_eq!(seen.body["rights"][0]["card"]["subject"]["person"], ada.as_str());
    let line = seen.body["rights"][0]["permission"].as_str().expect("a right").to_string();
    as_mia("PUT", &format!("{path}/lines/{line}"), json!({ "keeps": false, "note": "left" })).await.fine();
    let closed = as_mia("POST", &format!("{path}/closing"), json!({})).await.fine();
    assert_eq!((&closed.body["kept"], &closed.body["revoked"]), (&json!(0), &json!(1)));
    assert_eq!(desk.admin("GET", "permissions", &Value::Null).await.body["permissions"], json!([]));

    let bins = json!({ "bins": [{ "bin": lockbox.bins[0], "key": car }, { "bin": lockbox.bins[1], "key": null }] });
    let counted = as_mia("POST", &format!("boxes/{}/count", lockbox.id), bins.clone()).await.fine();
    assert_eq!(counted.body["differences"], 0, "{}", counted.text);
    let refused = desk.admin("POST", &format!("boxes/{}/count", lockbox.id), &bins).await;
    assert_eq!(refused.status.as_u16(), 403, "an administrator could put the record right");
    let pause = json!({ "after": "overdue", "days": 3 });
    desk.admin("PUT", &format!("people/{ada}/pause"), &pause).await.fine();
    let shown = desk.admin("GET", &format!("people/{ada}"), &Value::Null).await.fine();
    assert!(shown.text.contains("paused_until"), "{}", shown.text);
    desk.admin("DELETE", &format!("people/{ada}/pause"), &json!({})).await.fine();
}

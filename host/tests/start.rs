//! A host that begins quickly: what was written down of an organization is what its log says, and one that was put there by somebody else, or
//! by another fold, is not taken. `cargo xtask bench host --start` measures it.

mod desk;

use desk::{Desk, LockBox};
use keyward_host::store::snapshot::written;
use keyward_host::verify;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a4_what_was_written_down_is_what_the_log_says() {
    let desk = Desk::new("acme").await;
    let lockbox = LockBox::new(&desk, 2).await;
    let car = lockbox.key(&desk, "Patrol car 12", "fob-car", 0).await;
    let ada = lockbox.somebody(&desk, "Ada Able", "+4366000003", "badge-ada").await;
    let rule = json!({ "name": "Late", "on": ["custody.taken"], "delay_minutes": 60, "to": [{ "person": ada }] });
    desk.admin("POST", "alert-rules", &rule).await.fine();
    desk.admin("PUT", "settings/org.exempt_badge", &json!({ "value": "yes" })).await.fine();
    let visit = lockbox.ask(&desk, "POST", "visits", &json!({ "method": "badge", "value": "badge-ada" })).await.fine();
    let path = format!("visits/{}/key", visit.text("visit"));
    let open = lockbox.ask(&desk, "POST", &path, &json!({ "key": car })).await.fine().text("operation");
    lockbox.ask(&desk, "POST", &format!("operations/{open}/begin"), &json!({})).await.fine();
    let taken = json!({ "what": "taken", "verified": true });
    lockbox.ask(&desk, "POST", &format!("operations/{open}/report"), &taken).await.fine();

    let store = &desk.app.store;
    let (id, _) = store.orgs().await.expect("organizations").remove(0);
    let folded = store.fold(id).await.expect("the log");
    assert!(!folded.org.planned.is_empty() && !folded.org.visits.is_empty(), "there is something of every kind");
    let plain = written(folded.clone()).expect("written down");
    let text = String::from_utf8(plain.clone()).expect("text");
    assert!(!text.contains("Ada Able") && !text.contains("+4366000003"), "nothing private is in it");
    store.keep(id, folded.org.seq, &plain).await.expect("kept");
    // More happens; a host that begins reads what was written down and what came since.
    desk.admin("POST", "people", &json!({ "name": "Ben" })).await.fine();
    let begun = store.load(id).await.expect("a start");
    let again = store.fold(id).await.expect("the log");
    assert_eq!(begun.org, again.org);
    assert_eq!(begun.edge, again.edge);
    verify::database(store).await.expect("it holds");

    // An older one does not replace a newer one; another history is found out; one of another fold or key is not read.
    let mut other = again.clone();
    other.org.name = "Somebody else's".to_string();
    let forged = written(other).expect("written down");
    store.keep(id, folded.org.seq, &forged).await.expect("kept");
    verify::database(store).await.expect("it is older, so it was not kept");
    store.keep(id, again.org.seq, &forged).await.expect("kept");
    let found = verify::database(store).await.expect_err("it is not what the log says");
    assert!(found.contains("written down"), "{found}");
    let foreign = String::from_utf8(forged).expect("text").replacen("\"fold\":1", "\"fold\":0", 1);
    store.keep(id, again.org.seq + 1, foreign.as_bytes()).await.expect("kept");
    verify::database(store).await.expect("one of another fold is none");
    assert_eq!(store.load(id).await.expect("a start").org, again.org);
}

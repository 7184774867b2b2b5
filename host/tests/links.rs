//! The link of a booking on a guest's phone (F11, R09): it says what it is for, and opens nothing without the number on the screen.

mod desk;

use desk::{Desk, LockBox};
use serde_json::json;

#[tokio::test]
async fn f11_r09_a_link_needs_the_number_on_the_screen_and_ends_with_its_booking() {
    let desk = Desk::new("acme").await;
    let lockbox = LockBox::new(&desk, 2).await;
    let car = lockbox.key(&desk, "Patrol car 12", "fob-car", 0).await;
    let van = lockbox.key(&desk, "White van", "fob-van", 1).await;
    let guest = json!({ "name": "Gus Guest", "mobile": "+4366000055" });
    let book = |from: &str, until: &str| json!({ "key": car, "guest": guest, "from": from, "until": until });
    let booked = desk.admin("POST", "bookings", &book("2026-11-30T12:00:00Z", "2026-11-30T14:00:00Z")).await.fine();
    let link = booked.text("link");
    let told = desk.messages("+4366000055").await;
    assert!(told[0].contains("from 2026-11-30 13:00 until 2026-11-30 15:00"), "the time of the place: {told:?}");

    let ask = async |path: &str, body: serde_json::Value| desk.post(&format!("/v1/acme/{path}"), None, &body).await;
    let seen = ask("links", json!({ "link": link })).await.fine();
    assert_eq!(
        (seen.text("name"), seen.text("box_name"), seen.text("box")),
        ("Patrol car 12".into(), "Gate box".into(), lockbox.id.clone())
    );
    for wrong in ["nonsense", "", booked.text("code").as_str()] {
        let refused = ask("links", json!({ "link": wrong })).await;
        assert_eq!((refused.status.as_u16(), refused.text("code")), (403, "not_accepted".into()));
    }
    let begin = || json!({ "link": link, "box": lockbox.id });
    let early = ask("links/visits", begin()).await;
    assert_eq!(early.body["refusals"], json!(["pickup.too_early"]), "{}", early.text);
    desk.wait(3700);
    let visit = ask("links/visits", begin()).await.fine();
    assert_eq!(visit.body["keys"], json!([{ "key": car, "name": "Patrol car 12" }]), "its key and no other");
    let step = format!("links/visits/{}", visit.text("visit"));
    let stranger = ask(&step, json!({ "link": "nonsense", "key": car })).await;
    assert_eq!(stranger.status, 403);
    let other = ask(&step, json!({ "link": link, "key": van })).await;
    assert_eq!(other.body["next"], "refused", "{}", other.text);
    let asked = ask(&step, json!({ "link": link, "key": car })).await.fine();
    assert_eq!(
        (&asked.body["next"], &asked.body["any_of"]),
        (&json!("prove"), &json!(["presence_code"])),
        "{}",
        asked.text
    );
    let wrong = ask(&step, json!({ "link": link, "presence_code": "0000000" })).await;
    assert_ne!(wrong.body["next"], "open", "{}", wrong.text);
    let screen = lockbox.ask(&desk, "POST", "heartbeat", &json!({})).await.fine().text("screen_code");
    let open = ask(&step, json!({ "link": link, "presence_code": screen })).await.fine();
    assert_eq!(open.body["next"], "open", "{}", open.text);
    let operation = open.text("operation");
    lockbox.ask(&desk, "POST", &format!("operations/{operation}/begin"), &json!({})).await.fine();
    let taken = json!({ "what": "taken", "verified": true });
    lockbox.ask(&desk, "POST", &format!("operations/{operation}/report"), &taken).await.fine();
    assert_eq!(ask("links", json!({ "link": link })).await.fine().body["held"], json!(true));
    // It was good for one pickup.
    let again = ask("links/visits", begin()).await;
    assert_eq!(again.body["refusals"], json!(["pickup.used_up"]), "{}", again.text);
}

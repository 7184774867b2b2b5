//! Reports, the search of the log and copies of both over HTTP (F21, F22, R69, B7).
//! In: requests. Out: rows. What a copy holds opens inert in a spreadsheet, and that it was made stands in the log.

mod desk;

use desk::{Desk, LockBox};
use serde_json::{Value, json};

async fn get(desk: &Desk, path: &str) -> desk::Answer {
    desk.admin("GET", path, &Value::Null).await
}

async fn with_a_round() -> (Desk, LockBox, String, String) {
    let desk = Desk::new("acme").await;
    let lockbox = LockBox::new(&desk, 2).await;
    let key = lockbox.key(&desk, "=HYPERLINK(1,\"x\")", "fob-car", 0).await;
    let ada = lockbox.somebody(&desk, "Ada, \"the\" Able", "+4366000003", "badge-ada").await;
    desk.admin("PUT", "settings/org.exempt_badge", &json!({ "value": "yes" })).await;
    let visit = lockbox.ask(&desk, "POST", "visits", &json!({ "method": "badge", "value": "badge-ada" })).await.fine();
    let path = format!("visits/{}/key", visit.text("visit"));
    let open = lockbox.ask(&desk, "POST", &path, &json!({ "key": key })).await.fine().text("operation");
    lockbox.ask(&desk, "POST", &format!("operations/{open}/begin"), &json!({})).await.fine();
    let taken = json!({ "what": "taken", "verified": true });
    lockbox.ask(&desk, "POST", &format!("operations/{open}/report"), &taken).await.fine();
    (desk, lockbox, key, ada)
}

#[tokio::test]
async fn f21_reports_over_http_and_b7_a_copy_opens_inert_and_is_noted() {
    let (desk, ..) = with_a_round().await;
    let all = get(&desk, "reports").await.fine();
    for report in all.body["reports"].as_array().expect("reports") {
        let name = report["report"].as_str().expect("a name");
        let one = get(&desk, &format!("reports/{name}")).await.fine();
        assert_eq!(one.body["columns"], report["columns"], "{name}");
        let copy = get(&desk, &format!("reports/{name}?format=csv")).await.fine();
        assert_eq!(copy.headers["content-type"], "text/csv; charset=utf-8");
        for line in copy.text.split("\r\n") {
            for cell in line.split(',') {
                let inner = cell.trim_start_matches('"');
                assert!(!inner.starts_with(['=', '+', '-', '@', '\t']), "{name}: {line}");
            }
        }
    }
    let copy = get(&desk, "reports/out?format=csv").await.fine();
    assert!(copy.text.contains("\"'=HYPERLINK(1,\"\"x\"\")\",\"Ada, \"\"the\"\" Able\""), "{}", copy.text);
    let made = get(&desk, "log/search?type=export.made").await.fine();
    assert_eq!(made.body["entries"].as_array().map(Vec::len), Some(14), "thirteen and one copies: {}", made.text);
    for wrong in
        ["reports/moon", "reports/out?moon=1", "reports/out?from=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z"]
    {
        let refused = get(&desk, wrong).await;
        assert!(refused.status.is_client_error(), "{wrong}: {}", refused.text);
    }
}

#[tokio::test]
async fn f22_r69_the_log_is_searched_by_what_it_is_about_by_type_and_by_time_page_by_page() {
    let (desk, lockbox, key, ada) = with_a_round().await;
    let taken = get(&desk, &format!("log/search?about={key}&type=custody.taken")).await.fine();
    assert_eq!(taken.body["entries"].as_array().map(Vec::len), Some(1), "{}", taken.text);
    assert_eq!(taken.body["names"][&ada], "Ada, \"the\" Able");
    assert_eq!(taken.body["names"][&key], "=HYPERLINK(1,\"x\")");
    let both = get(&desk, &format!("log/search?about={key}&and={ada}")).await.fine();
    for entry in both.body["entries"].as_array().expect("entries") {
        let text = entry.to_string();
        assert!(text.contains(&key) && text.contains(&ada), "{text}");
    }
    let family = get(&desk, "log/search?type=custody").await.fine();
    let types: Vec<&str> =
        family.body["entries"].as_array().expect("entries").iter().filter_map(|one| one["type"].as_str()).collect();
    assert_eq!(types, ["custody.taken", "custody.placed"], "newest first");

    // Page by page comes to the same as at once.
    let whole = get(&desk, "log/search?limit=1000").await.fine();
    let count = whole.body["entries"].as_array().map_or(0, Vec::len);
    let (mut seen, mut path) = (0, "log/search?limit=7".to_string());
    loop {
        let page = get(&desk, &path).await.fine();
        seen += page.body["entries"].as_array().map_or(0, Vec::len);
        let Some(before) = page.body["before"].as_u64() else { break };
        path = format!("log/search?limit=7&before={before}");
    }
    assert_eq!(seen, count);

    // By time: later somebody brings it back.
    desk.wait(1200);
    let moment = desk.now.lock().expect("the clock").to_string();
    let back = lockbox.ask(&desk, "POST", "returns", &json!({ "fob": "fob-car" })).await.fine().text("operation");
    lockbox.ask(&desk, "POST", &format!("operations/{back}/report"), &json!({ "what": "placed" })).await.fine();
    let later = get(&desk, &format!("log/search?type=custody&from={moment}")).await.fine();
    assert_eq!(later.body["entries"][1]["type"], "custody.returned");
    assert_eq!(later.body["entries"][0]["type"], "custody.unknown_returner");
    assert_eq!(later.body["entries"].as_array().map(Vec::len), Some(2), "{}", later.text);
    let earlier = get(&desk, &format!("log/search?type=custody&until={moment}")).await.fine();
    assert_eq!(earlier.body["entries"].as_array().map(Vec::len), Some(2));

    for wrong in [
        "log/search?about=%25",
        "log/search?type=CUSTODY",
        "log/search?type=%25",
        "log/search?from=today",
        "log/search?moon=1",
    ] {
        let refused = get(&desk, wrong).await;
        assert!(refused.status.is_client_error(), "{wrong}: {}", refused.text);
    }
}

//! Messages over real sockets: a provider of texts, a mail server, both as strict as the real ones about what they are sent.

mod desk;

use desk::{Desk, Folder, LockBox};
use jiff::Timestamp;
use keyward_host::gateway::{Gateway, Mails, Texts, smtp};
use keyward_host::hook::Hooks;
use keyward_host::outbox;
use keyward_host_core::kinds::Channel;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

/// Answers one request and gives what it was.
fn provider(status: &'static str) -> (String, JoinHandle<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/messages", listener.local_addr().expect("an address"));
    let served = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a request");
        let mut reader = BufReader::new(stream.try_clone().expect("the same"));
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(reader.read_line(&mut head).expect("a line") > 0, "the request has a head");
        }
        let length =
            head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_string));
        let mut body = vec![0; length.map_or(0, |length| length.parse().expect("a length"))];
        reader.read_exact(&mut body).expect("the body");
        let mut stream = stream;
        write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").expect("an answer");
        (head, String::from_utf8(body).expect("text"))
    });
    (url, served)
}

fn now() -> Timestamp {
    "2026-11-30T11:00:00Z".parse().expect("a time")
}

fn twilio(url: &str) -> Gateway {
    let texts =
        Texts::Twilio { url: url.into(), from: "+15550001".into(), account: "AC1".into(), secret: "hush".into() };
    Gateway::new(texts, Mails::None).expect("a gateway")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_a_form_with_a_secret() {
    let (url, served) = provider("201 Created");
    twilio(&url).send("id-1", Channel::Sms, "+4366000003", "123456 & more", now()).await.expect("it goes out");
    let (head, body) = served.join().expect("a request");
    assert!(head.starts_with("POST /messages HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("authorization: basic qumxomh1c2g="), "AC1:hush in base64: {head}");
    assert_eq!(body, "To=%2B4366000003&From=%2B15550001&Body=123456+%26+more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_gets_json_that_may_come_again() {
    let (url, served) = provider("204 No Content");
    let gateway = Gateway::new(Texts::Webhook { url, secret: "hush".into() }, Mails::None).expect("a gateway");
    gateway.send("id-7", Channel::Sms, "+4366000003", "123456", now()).await.expect("it goes out");
    let (head, body) = served.join().expect("a request");
    let head = head.to_lowercase();
    assert!(head.contains("authorization: bearer hush") && head.contains("idempotency-key: id-7"), "{head}");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&body).expect("json"),
        json!({ "id": "id-7", "to": "+4366000003", "text": "123456" })
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_a_redirect_and_silence_are_no_success_and_repeat_nothing() {
    for (status, words) in [("500 Oh no", "500"), ("302 Found", "302"), ("401 No", "401")] {
        let (url, served) = provider(status);
        let why = twilio(&url)
            .send("id-1", Channel::Sms, "+4366000003", "123456", now())
            .await
            .expect_err("it does not go out");
        assert!(why.contains(words) && !why.contains("123456") && !why.contains("hush"), "{why}");
        served.join().expect("a request");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let why = twilio(&format!("http://{nobody}/"))
        .send("id-1", Channel::Sms, "+1", "123456", now())
        .await
        .expect_err("nobody is there");
    assert_eq!(why, "the provider could not be reached");
    assert!(
        Gateway::new(Texts::Webhook { url: "file:///etc/passwd".into(), secret: String::new() }, Mails::None).is_err()
    );
}

/// A mail server that takes one message.
fn mail_server() -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut reader = BufReader::new(stream.try_clone().expect("the same"));
        let mut all = String::new();
        stream.write_all(b"220 mail.example\r\n").expect("a greeting");
        let mut data = false;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).expect("a line") == 0 {
                return all;
            }
            all.push_str(&line);
            let word = line.split_whitespace().next().unwrap_or("").to_uppercase();
            let answer: &[u8] = match (data, word.as_str()) {
                (true, ".") => {
                    data = false;
                    b"250 taken\r\n"
                }
                (true, _) => continue,
                (false, "EHLO") => b"250-mail.example\r\n250 8BITMIME\r\n",
                (false, "DATA") => {
                    data = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => {
                    let _ = stream.write_all(b"221 bye\r\n");
                    return all;
                }
                (false, _) => b"250 fine\r\n",
            };
            stream.write_all(answer).expect("an answer");
        }
    });
    (port, served)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_e_mail_goes_by_smtp_and_in_plain_to_this_machine_only() {
    let (port, served) = mail_server();
    let mails = smtp(&format!("smtp://127.0.0.1:{port}"), None, "", "Keys <keys@example.org>").expect("a server");
    let gateway = Gateway::new(Texts::None, mails).expect("a gateway");
    gateway.send("id-9", Channel::Email, "ada@example.org", "123456 is your code.", now()).await.expect("it goes out");
    drop(gateway);
    let talk = served.join().expect("a message");
    for part in [
        "MAIL FROM:<keys@example.org>",
        "RCPT TO:<ada@example.org>",
        "From: Keys <keys@example.org>",
        "Message-ID: <id-9@example.org>",
        "123456 is your code.",
    ] {
        assert!(talk.contains(part), "{part} in {talk}");
    }
    for (url, from) in [
        ("smtp://mail.example.org", "keys@example.org"),
        ("http://localhost", "keys@example.org"),
        ("smtp://localhost", "nobody"),
    ] {
        assert!(smtp(url, None, "", from).is_err(), "{url} {from}");
    }
}

/// W10, X02: the provider is dead, so the next code goes by e-mail, and nothing waits for ever.
#[tokio::test(flavor = "multi_thread")]
async fn w10_a_dead_provider_is_noticed_and_the_code_takes_the_other_way() {
    let desk = Desk::new("acme").await;
    let cabinet = LockBox::new(&desk, 1).await;
    let made = desk
        .admin("POST", "people", &json!({ "name": "Ada", "mobile": "+4366000003", "email": "ada@example.org" }))
        .await
        .fine();
    assert!(made.body["person"].is_string());
    let visit = cabinet
        .ask(&desk, "POST", "visits", &json!({ "method": "phone_number", "value": "+4366000003" }))
        .await
        .fine()
        .text("visit");
    let folder = Folder::new();
    let outbox_file = folder.0.join("mails.jsonl");
    let gateway = Gateway::new(Texts::None, Mails::File(outbox_file.clone())).expect("a gateway");
    let moment = *desk.now.lock().expect("the clock");
    for _ in 0..2 {
        outbox::round(&desk.app.store, &desk.app.writer, &gateway, moment).await.expect("a round");
    }
    let mails = std::fs::read_to_string(outbox_file).expect("an e-mail");
    let code = mails.split(|one: char| !one.is_ascii_digit()).find(|word| word.len() == 6).expect("a code");
    let shown = cabinet.ask(&desk, "POST", &format!("visits/{visit}/proof"), &json!({ "digits": code })).await.fine();
    assert_eq!(shown.body["next"], "keys");
    assert!(desk.app.store.due(Timestamp::MAX, 100).await.expect("the outbox").is_empty(), "nothing stays behind");
}

/// B8, R71: another system is told once, signed, at the place that was checked and no other.
#[tokio::test(flavor = "multi_thread")]
async fn b8_r71_another_system_is_told_by_a_signed_request() {
    let (url, served) = provider("200 OK");
    let host = url.trim_start_matches("http://").trim_end_matches("/messages").to_string();
    let mut desk = Desk::new("acme").await;
    let refused = desk.admin("POST", "webhooks", &json!({ "name": "Tower", "url": url })).await;
    assert_eq!((refused.status.as_u16(), refused.text("field")), (422, "url".into()), "{}", refused.text);
    let hooks = Hooks::new(&[], &[host]);
    desk.app.hooks = hooks.clone();
    desk.router = keyward_host::http::router(desk.app.clone());
    let made = desk.admin("POST", "webhooks", &json!({ "name": "Tower", "url": url })).await.fine();
    let (hook, secret) = (made.text("webhook"), made.text("secret"));
    let rule = json!({ "name": "Settings", "on": ["security_setting.changed"], "to": [{ "hook": hook }] });
    desk.admin("POST", "alert-rules", &rule).await.fine();
    assert_eq!(desk.admin("DELETE", &format!("webhooks/{hook}"), &json!({})).await.status, 409, "a rule tells it");
    desk.admin("PUT", "settings/org.overdue_blocks_pickup", &json!({ "value": "yes" })).await.fine();
    let mut gateway = Gateway::new(Texts::None, Mails::None).expect("a gateway");
    gateway.hooks = hooks;
    let moment = *desk.now.lock().expect("the clock");
    outbox::round(&desk.app.store, &desk.app.writer, &gateway, moment).await.expect("a round");
    let (head, body) = served.join().expect("a request");
    let head = head.to_lowercase();
    let signed = keyward_host::hook::signature(&secret, moment.as_second(), &body);
    assert!(head.contains(&format!("keyward-signature: {signed}")), "{head}");
    let told: serde_json::Value = serde_json::from_str(&body).expect("json");
    assert_eq!(
        (&told["org"], &told["rule"], &told["about"]["trigger"]),
        (&json!("acme"), &json!("Settings"), &json!("security_setting.changed"))
    );
    assert!(head.contains(&format!("keyward-id: {}", told["id"].as_str().expect("an id").to_lowercase())), "{head}");
    let log = desk.admin("GET", "log/search?type=notify", &json!({})).await.fine();
    assert_eq!(log.body["entries"][0]["type"], "notify.sent", "{}", log.text);
    assert!(!log.text.contains(&secret) && !log.text.contains("127.0.0.1"), "nothing private in the log");
}

/// W7: a box that says nothing is told of once, and taken back when it speaks.
#[tokio::test(flavor = "multi_thread")]
async fn w7_a_silent_box_is_noticed_once() {
    let desk = Desk::new("acme").await;
    let cabinet = LockBox::new(&desk, 1).await;
    cabinet.ask(&desk, "POST", "heartbeat", &json!({})).await.fine();
    let silent = async || {
        let moment = *desk.now.lock().expect("the clock");
        outbox::silent(&desk.app.store, &desk.app.writer, moment).await.expect("a round")
    };
    let online = async || desk.admin("GET", "boxes", &json!({})).await.fine().body["boxes"][0]["online"].as_bool();
    desk.wait(80);
    silent().await;
    assert_eq!(online().await, Some(true));
    desk.wait(20);
    silent().await;
    silent().await;
    assert_eq!(online().await, Some(false));
    let told = desk.messages("+4366000001").await;
    assert_eq!(told.iter().filter(|text| text.contains("has not been heard of")).count(), 1, "{told:?}");
    cabinet.ask(&desk, "POST", "heartbeat", &json!({})).await.fine();
    assert_eq!(online().await, Some(true));
}

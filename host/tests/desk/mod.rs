//! A host in this process, without a socket: a router, a clock that stands still until a test moves it, a box with a key of its own, and
//! the messages people would get.
#![allow(dead_code, reason = "each test file uses its own part")]

pub mod postgres;
pub mod process;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use ed25519_dalek::{Signer, SigningKey};
use http_body_util::BodyExt;
use jiff::{SignedDuration, Timestamp};
use keyward_host::gateway::Gateway;
use keyward_host::http::{App, Limits, router, signature_text};
use keyward_host::outbox;
use keyward_host::serve::{Host, Settings};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use tower::ServiceExt;

/// A folder that goes away.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("keyward-host-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A host and what surrounds it.
pub struct Desk {
    pub app: App,
    pub router: Router,
    pub now: Arc<Mutex<Timestamp>>,
    pub folder: Folder,
    pub owner: String,
    pub slug: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub body: Value,
    pub text: String,
    pub headers: axum::http::HeaderMap,
}

impl Answer {
    /// A field that is a text.
    pub fn text(&self, field: &str) -> String {
        self.body[field].as_str().unwrap_or_else(|| panic!("{field} in {} {}", self.status, self.text)).to_string()
    }

    /// It went well.
    pub fn fine(self) -> Answer {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        self
    }
}

/// Settings of a host for tests.
pub fn settings(folder: &Folder) -> Settings {
    Settings {
        data: folder.0.join("data"),
        database: None,
        key_file: folder.0.join("master.key"),
        listen: "127.0.0.1:0".to_string(),
        address: Some("http://localhost".to_string()),
        gateway: Gateway::file(folder.0.join("outbox.jsonl")).expect("a gateway"),
        metrics: None,
        limits: Limits::new(0, 0, Vec::new()),
        cheap: true,
    }
}

impl Desk {
    /// A host with an organization, on SQLite; Olga is its owner and signed in. It is a Monday at noon.
    pub async fn new(slug: &str) -> Desk {
        Desk::on(slug, None).await
    }

    /// Another host on the same database, with the same clock.
    pub async fn beside(&self, database: Option<String>) -> Desk {
        let now = Arc::clone(&self.now);
        let clock = {
            let now = Arc::clone(&now);
            Arc::new(move || *now.lock().expect("the clock"))
        };
        let host = Host::open(Settings { database, ..settings(&self.folder) }, clock).await.expect("a host");
        let (owner, slug, folder) = (self.owner.clone(), self.slug.clone(), Folder(self.folder.0.clone()));
        Desk { router: router(host.app.clone()), app: host.app, now, folder, owner, slug }
    }

    /// The same on another database.
    pub async fn on(slug: &str, database: Option<String>) -> Desk {
        let now: Timestamp = "2026-11-30T11:00:00Z".parse().expect("a time");
        let now = Arc::new(Mutex::new(now));
        let folder = Folder::new();
        let clock = {
            let now = Arc::clone(&now);
            Arc::new(move || *now.lock().expect("the clock"))
        };
        let host = Host::open(Settings { database, ..settings(&folder) }, clock).await.expect("a host");
        let token = host.token.clone().expect("a token");
        let app = host.app.clone();
        let mut desk =
            Desk { router: router(app.clone()), app, now, folder, owner: String::new(), slug: slug.to_string() };
        let setup = json!({
            "token": token, "org": { "name": "Acme", "slug": slug, "tz": "Europe/Vienna" },
            "owner": { "name": "Olga", "email": "olga@example.org", "mobile": "+4366000001", "password": "violet harbour 47 lamp" },
        });
        desk.post("/v1/setup", None, &setup).await.fine();
        desk.owner = desk.sign_in("olga@example.org", "violet harbour 47 lamp", "+4366000001").await;
        desk
    }

    /// Time goes by.
    pub fn wait(&self, seconds: i64) {
        let mut now = self.now.lock().expect("the clock");
        *now = now.saturating_add(SignedDuration::from_secs(seconds)).expect("a time");
    }

    /// The clock does its work.
    pub async fn tick(&self) {
        let slug = self.slug.clone();
        let ticked = self.app.writer.act(&slug, keyward_host::writer::Caller::System, None, None, |turn| {
            turn.tick();
            Ok((200, Value::Null))
        });
        ticked.await;
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body").to_bytes();
        let text = String::from_utf8_lossy(&bytes).to_string();
        Answer {
            status: parts.status,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
            headers: parts.headers,
        }
    }

    pub async fn call(&self, method: &str, path: &str, session: Option<&str>, body: Option<&Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        if let Some(session) = session {
            request = request.header("authorization", format!("Bearer {session}"));
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        self.send(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).expect("a request"))
            .await
    }

    pub async fn post(&self, path: &str, session: Option<&str>, body: &Value) -> Answer {
        self.call("POST", path, session, Some(body)).await
    }

    /// Something Olga does.
    pub async fn admin(&self, method: &str, path: &str, body: &Value) -> Answer {
        let path = format!("/v1/{}/{path}", self.slug);
        let body = if method == "GET" { None } else { Some(body) };
        self.call(method, &path, Some(&self.owner), body).await
    }

    /// Signs somebody in, with the code that was sent.
    pub async fn sign_in(&self, email: &str, password: &str, mobile: &str) -> String {
        let path = format!("/v1/{}/login", self.slug);
        let asked =
            self.post(&path, None, &json!({ "email": email, "password": password, "token": true })).await.fine();
        let code = self.code(mobile).await;
        let body = json!({ "challenge": asked.text("challenge"), "code": code, "token": true });
        self.post(&format!("{path}/code"), None, &body).await.fine().text("session")
    }

    /// Messages that went to somebody.
    pub async fn messages(&self, to: &str) -> Vec<String> {
        let now = *self.now.lock().expect("the clock");
        let gateway = Gateway::file(self.folder.0.join("outbox.jsonl")).expect("a gateway");
        outbox::round(&self.app.store, &self.app.writer, &gateway, now).await.expect("a round");
        let all = std::fs::read_to_string(self.folder.0.join("outbox.jsonl")).unwrap_or_default();
        let all = all.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        all.filter(|message| message["to"] == to)
            .filter_map(|message| message["text"].as_str().map(str::to_string))
            .collect()
    }

    /// The code in the last message that has one.
    pub async fn code(&self, to: &str) -> String {
        let all = self.messages(to).await;
        let code = |text: &String| {
            text.split(|one: char| !one.is_ascii_digit()).find(|word| word.len() == 6).map(str::to_string)
        };
        all.iter().rev().find_map(code).unwrap_or_else(|| panic!("a code for {to} in {all:?}"))
    }
}

/// A box of the host.
pub struct LockBox {
    pub id: String,
    pub bins: Vec<String>,
    pub key: SigningKey,
    pub slug: String,
}

impl LockBox {
    /// A place that is always open, a box with so many bins, enrolled.
    pub async fn new(desk: &Desk, bins: usize) -> LockBox {
        let location = desk
            .admin("POST", "locations", &json!({ "name": "Depot", "tz": "Europe/Vienna", "placement": ["indoor"] }))
            .await
            .fine();
        let location = location.text("location");
        let hours = json!({ "weekly": [{ "days": [0, 1, 2, 3, 4, 5, 6], "from": 0, "until": 1440 }] });
        desk.admin("PUT", &format!("locations/{location}/hours"), &hours).await.fine();
        let labels: Vec<String> = (1..=bins).map(|bin| bin.to_string()).collect();
        let made = desk
            .admin("POST", "boxes", &json!({ "location": location, "name": "Gate box", "bins": labels }))
            .await
            .fine();
        let key = SigningKey::from_bytes(&[5; 32]);
        let public: String = key.verifying_key().as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let id = made.text("box");
        let path = format!("/v1/{}/boxes/{id}/enrolment", desk.slug);
        desk.post(&path, None, &json!({ "code": made.text("enrolment_code"), "public_key": public })).await.fine();
        let bins = made.body["bins"]
            .as_array()
            .expect("bins")
            .iter()
            .map(|bin| bin["bin"].as_str().expect("an id").to_string())
            .collect();
        LockBox { id, bins, key, slug: desk.slug.clone() }
    }

    /// A signed request.
    pub fn request(&self, desk: &Desk, method: &str, path: &str, body: &Value) -> Request<Body> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let path = format!("/v1/{}/boxes/{}/{path}", self.slug, self.id);
        let nonce = format!("n{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let body = if method == "GET" { String::new() } else { body.to_string() };
        let time = desk.now.lock().expect("the clock").as_millisecond();
        let text = signature_text(method, &path, time, &nonce, body.as_bytes());
        let signature: String =
            self.key.sign(text.as_bytes()).to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("keyward-time", time.to_string())
            .header("keyward-request", nonce)
            .header("keyward-signature", signature)
            .body(Body::from(body))
            .expect("a request")
    }

    pub async fn ask(&self, desk: &Desk, method: &str, path: &str, body: &Value) -> Answer {
        desk.send(self.request(desk, method, path, body)).await
    }

    /// A key in a bin, with its fob.
    pub async fn key(&self, desk: &Desk, name: &str, fob: &str, bin: usize) -> String {
        let made = desk.admin("POST", "keys", &json!({ "card": { "name": name, "fob": fob } })).await.fine();
        let key = made.text("key");
        let place = json!({ "place": { "bin": self.bins[bin] }, "why": "first placed" });
        desk.admin("PUT", &format!("keys/{key}/place"), &place).await.fine();
        key
    }

    /// Somebody with a badge who may take every key.
    pub async fn somebody(&self, desk: &Desk, name: &str, mobile: &str, badge: &str) -> String {
        let made = desk.admin("POST", "people", &json!({ "name": name, "mobile": mobile })).await.fine();
        let person = made.text("person");
        let grant =
            json!({ "subject": { "person": person }, "object": "all", "actions": ["pickup", "swap", "drop_off"] });
        desk.admin("POST", "permissions", &grant).await.fine();
        desk.admin("POST", &format!("people/{person}/badge"), &json!({ "serial": badge })).await.fine();
        person
    }
}

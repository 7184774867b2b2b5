//! The acceptance vectors V01 to V26 over HTTP, on SQLite and on PostgreSQL. Each says what is done, and what must be seen outside: what the
//! screen asks for, where codes go, who has the key, what the log says.

mod desk;

use desk::{Answer, Desk, LockBox};
use serde_json::{Value, json};

const ADA: &str = "+4366000003";
const BEN: &str = "+4366000004";
const BOSS: &str = "+4366000002";
const PASSWORD: &str = "amber kettle 12 moss";

/// People at a box.
struct Stage {
    desk: Desk,
    lockbox: LockBox,
    place: String,
    car: String,
    boss: String,
    ada: String,
    ben: String,
    code: String,
    qr: String,
}

impl Stage {
    async fn new(database: Option<String>) -> Stage {
        let desk = Desk::on("acme", database).await;
        let lockbox = LockBox::new(&desk, 3).await;
        let car = lockbox.key(&desk, "Patrol car 12", "fob-car", 0).await;
        let person = async |body: Value| desk.admin("POST", "people", &body).await.fine().text("person");
        let boss = person(json!({ "name": "Bo Boss", "mobile": BOSS })).await;
        let ada =
            person(json!({ "name": "Ada Able", "mobile": ADA, "email": "ada@example.org", "password": PASSWORD }))
                .await;
        let ben = person(json!({ "name": "Ben Brisk", "mobile": BEN })).await;
        for (id, badge) in [(&ada, "badge-ada"), (&ben, "badge-ben")] {
            let all = json!({ "subject": { "person": id }, "object": "all", "actions": ["pickup", "swap", "drop_off", "reserve"] });
            desk.admin("POST", "permissions", &all).await.fine();
            desk.admin("PUT", &format!("people/{id}/duties"), &json!({ "manager": boss })).await.fine();
            desk.admin("POST", &format!("people/{id}/badge"), &json!({ "serial": badge })).await.fine();
        }
        let code = desk.admin("POST", &format!("people/{ada}/access-code"), &json!({})).await.fine().text("code");
        let qr = desk.admin("POST", &format!("people/{ada}/qr-code"), &json!({})).await.fine().text("token");
        let place = desk.admin("GET", "locations", &Value::Null).await.fine();
        let place = place.body["locations"][0]["location"].as_str().expect("a place").to_string();
        let card = json!({ "name": "Depot", "tz": "Europe/Vienna", "placement": ["indoor"], "designated": boss });
        desk.admin("PUT", &format!("locations/{place}"), &card).await.fine();
        // Numbers verified three days ago are as good as any.
        desk.wait(60 * 60 * 24 * 4);
        let mut stage = Stage { desk, lockbox, place, car, boss, ada, ben, code, qr };
        stage.desk.owner = stage.desk.sign_in("olga@example.org", "violet harbour 47 lamp", "+4366000001").await;
        stage
    }

    async fn set(&self, name: &str, value: &str) {
        self.desk.admin("PUT", &format!("settings/{name}"), &json!({ "value": value })).await.fine();
        // Time for the limits on codes.
        self.desk.wait(660);
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.lockbox.ask(&self.desk, method, path, body).await
    }

    /// Somebody says who they are and wants the car: the visit, and the screen that follows.
    async fn want(&self, method: &str, value: &str) -> (String, Answer) {
        let visit = self.ask("POST", "visits", &json!({ "method": method, "value": value })).await;
        let id = visit.text("visit");
        if visit.body["next"] != "keys" {
            return (id, visit);
        }
        let next = self.ask("POST", &format!("visits/{id}/key"), &json!({ "key": self.car })).await;
        (id, next)
    }

    async fn proof(&self, visit: &str, body: &Value) -> Answer {
        self.ask("POST", &format!("visits/{visit}/proof"), body).await
    }

    /// The bin opens, and nothing is taken.
    async fn leave(&self, open: &Answer) {
        assert_eq!(open.body["next"], "open", "{}", open.text);
        let path = format!("operations/{}/report", open.text("operation"));
        self.ask("POST", &path, &json!({ "what": "not_taken" })).await.fine();
    }

    async fn take(&self, open: &Answer) {
        let path = format!("operations/{}/", open.text("operation"));
        self.ask("POST", &format!("{path}begin"), &json!({})).await.fine();
        self.ask("POST", &format!("{path}report"), &json!({ "what": "taken", "verified": true })).await.fine();
    }

    async fn bring_back(&self) {
        let back = self.ask("POST", "returns", &json!({ "fob": "fob-car" })).await.fine();
        assert_eq!(back.body["next"], "open", "V10: nothing is asked: {}", back.text);
        let path = format!("operations/{}/report", back.text("operation"));
        self.ask("POST", &path, &json!({ "what": "placed" })).await.fine();
    }

    async fn count(&self, to: &str) -> usize {
        self.desk.messages(to).await.len()
    }

    async fn last(&self, kind: &str) -> Value {
        let found = self.desk.admin("GET", &format!("log/search?type={kind}&limit=1"), &Value::Null).await.fine();
        found.body["entries"][0]["data"].clone()
    }

    /// A code goes to somebody; the car comes out once it is typed at the box.
    async fn by_code(&self, method: &str, value: &str, to: &str) {
        let before = self.count(to).await;
        let (visit, next) = self.want(method, value).await;
        assert!(["prove", "secret"].contains(&next.body["next"].as_str().expect("a screen")), "{}", next.text);
        assert_eq!(self.count(to).await, before + 1, "a code by text");
        let code = self.desk.code(to).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let refused = self.proof(&visit, &json!({ "proof": "code", "digits": wrong })).await;
        assert_ne!(refused.body["next"], "open", "the bin stays shut");
        let mut open = self.proof(&visit, &json!({ "digits": code })).await;
        if open.body["next"] == "keys" {
            open = self.ask("POST", &format!("visits/{visit}/key"), &json!({ "key": self.car })).await;
        }
        self.leave(&open).await;
    }

    async fn session(&self) -> String {
        self.desk.sign_in("ada@example.org", PASSWORD, ADA).await
    }

    async fn as_ada(&self, method: &str, path: &str, session: &str, body: &Value) -> Answer {
        self.desk.call(method, &format!("/v1/acme/{path}"), Some(session), Some(body)).await
    }
}

async fn pickups(stage: &Stage) {
    // V01, V02: a code to the user; the bin stays closed until it is typed at the box.
    stage.by_code("access_code", &stage.code, ADA).await;
    stage.by_code("qr_code", &stage.qr, ADA).await;
    stage.desk.wait(660);
    stage.by_code("phone_number", ADA, ADA).await;
    stage.desk.wait(660);

    // V03: a badge, a booking code, a link, the app: no second factor, and the record says exempt.
    let before = stage.count(ADA).await;
    let (_, open) = stage.want("badge", "badge-ada").await;
    stage.leave(&open).await;
    assert_eq!(stage.last("pickup.allowed").await["exempt"], true, "V03");
    let now = *stage.desk.now.lock().expect("the clock");
    let until = now.saturating_add(jiff::SignedDuration::from_hours(2)).expect("a time").to_string();
    let guest = json!({ "name": "Gus", "mobile": "+4366000055" });
    let booking =
        json!({ "key": stage.car, "guest": guest, "from": now.to_string(), "until": until, "kind": "ongoing" });
    let booked = stage.desk.admin("POST", "bookings", &booking).await.fine();
    let (_, open) = stage.want("booking_code", &booked.text("code")).await;
    stage.leave(&open).await;
    assert_eq!(stage.last("pickup.allowed").await["exempt"], true, "V03");
    let (_, next) = stage.want("url_link", &booked.text("link")).await;
    assert_eq!(next.body["any_of"], json!(["presence_code"]), "V03: only that somebody is there: {}", next.text);
    let booking = booked.text("booking");
    stage.desk.admin("DELETE", &format!("bookings/{booking}"), &json!({})).await.fine();
    let session = stage.session().await;
    let visit =
        stage.as_ada("POST", "visits", &session, &json!({ "box": stage.lockbox.id })).await.fine().text("visit");
    let next = stage.as_ada("POST", &format!("visits/{visit}/key"), &session, &json!({ "key": stage.car })).await;
    assert_eq!(next.body["any_of"], json!(["presence_code"]), "V03: {}", next.text);
    assert_eq!(stage.count(ADA).await, before + 1, "the one code was that of the sign-in");

    // V04, V05: with a PIN it is asked for and no text goes out; without one a code goes, and without a number nothing opens.
    stage.set("org.user_pickup_2fa", "pin").await;
    let session = stage.session().await;
    stage.as_ada("PUT", "me/pin", &session, &json!({ "pin": "8302" })).await.fine();
    let before = stage.count(ADA).await;
    let (visit, next) = stage.want("access_code", &stage.code).await;
    assert!(next.body["any_of"].to_string().contains("pin"), "V04: {}", next.text);
    let open = stage.proof(&visit, &json!({ "proof": "pin", "digits": "8302" })).await;
    stage.leave(&open).await;
    assert_eq!(stage.count(ADA).await, before, "V04: no text");
    stage.desk.admin("DELETE", &format!("people/{}/pin", stage.ada), &json!({})).await.fine();
    stage.by_code("access_code", &stage.code, ADA).await;
    let nobody = stage.desk.admin("POST", "people", &json!({ "name": "Nils Number" })).await.fine().text("person");
    let all = json!({ "subject": { "person": nobody }, "object": "all", "actions": ["pickup"] });
    stage.desk.admin("POST", "permissions", &all).await.fine();
    let path = format!("people/{nobody}/access-code");
    let code = stage.desk.admin("POST", &path, &json!({})).await.fine().text("code");
    let (_, refused) = stage.want("access_code", &code).await;
    assert!(refused.body["refusals"].to_string().contains("pin_not_set"), "V05: {}", refused.text);

    // V08: the holder's own rule asks for a code even where PINs are used.
    let session = stage.session().await;
    stage.as_ada("PUT", "me/pin", &session, &json!({ "pin": "8302" })).await.fine();
    let session = stage.session().await;
    stage.as_ada("PUT", "me/settings/person.my_pickup_2fa", &session, &json!({ "value": "yes" })).await.fine();
    stage.desk.wait(660);
    stage.by_code("access_code", &stage.code, ADA).await;

    // V07: whoever types the number of the account holder, the code goes to the holder.
    stage.set("org.user_pickup_2fa", "off").await;
    stage.by_code("phone_number", ADA, ADA).await;
    let session = stage.session().await;
    stage.as_ada("PUT", "me/settings/person.my_pickup_2fa", &session, &json!({ "value": "no" })).await.fine();

    // V06: off opens, and the report says so.
    let (_, open) = stage.want("access_code", &stage.code).await;
    stage.leave(&open).await;
    let weak = stage.desk.admin("GET", "reports/weak", &Value::Null).await.fine();
    assert!(weak.body["rows"].to_string().contains("one factor was enough"), "V06: {}", weak.text);

    // V09: in an organization its owner is a user too.
    stage.set("org.user_pickup_2fa", "otp").await;
    let olga = stage.desk.admin("GET", "me", &Value::Null).await.fine().text("person");
    let all = json!({ "subject": { "person": olga }, "object": "all", "actions": ["pickup"] });
    stage.desk.admin("POST", "permissions", &all).await.fine();
    let code = stage.desk.admin("POST", &format!("people/{olga}/access-code"), &json!({})).await.fine().text("code");
    stage.by_code("access_code", &code, "+4366000001").await;

    // V10: whatever the mode, bringing back asks nothing of anybody.
    for mode in ["otp", "pin", "off"] {
        stage.set("org.user_pickup_2fa", mode).await;
        let (_, open) = stage.want("badge", "badge-ada").await;
        stage.take(&open).await;
        stage.bring_back().await;
    }
    stage.set("org.user_pickup_2fa", "otp").await;
}

async fn swaps(stage: &Stage) {
    let take = async || {
        let (_, open) = stage.want("badge", "badge-ada").await;
        stage.take(&open).await;
    };
    let hand = json!({ "key": stage.car, "to": stage.ben });
    let holder = async || {
        let keys = stage.desk.admin("GET", "keys", &Value::Null).await.fine();
        keys.body["keys"][0]["place"]["with"]["name"].as_str().unwrap_or_default().to_string()
    };
    // V14: no handshake: at once, and both are told.
    take().await;
    let session = stage.session().await;
    let (ada, ben) = (stage.count(ADA).await, stage.count(BEN).await);
    let done = stage.as_ada("POST", "swaps", &session, &hand).await.fine();
    assert_eq!((done.text("state"), holder().await), ("completed".into(), "Ben Brisk".into()), "V14");
    assert_eq!((stage.count(ADA).await, stage.count(BEN).await), (ada + 1, ben + 1), "V14: both are told");
    stage.bring_back().await;

    // V11: the code goes to the new holder, the holder types it, and only then does the key move.
    stage.set("org.swap_handshake", "yes").await;
    take().await;
    let session = stage.session().await;
    let asked = stage.as_ada("POST", "swaps", &session, &hand).await.fine();
    assert_eq!((asked.text("state"), holder().await), ("code_sent".into(), "Ada Able".into()), "V11");
    let path = format!("swaps/{}/code", asked.text("swap"));
    let done = stage.as_ada("POST", &path, &session, &json!({ "code": stage.desk.code(BEN).await })).await.fine();
    assert_eq!((done.text("state"), holder().await), ("completed".into(), "Ben Brisk".into()), "V11");
    stage.bring_back().await;

    // V13: an admin of single keys is not exempt. V12: an admin of the organization is, and the log says so.
    stage.desk.admin("PUT", &format!("people/{}/role", stage.ada), &json!({ "role": "co_admin" })).await.fine();
    take().await;
    let session = stage.session().await;
    let asked = stage.as_ada("POST", "swaps", &session, &hand).await.fine();
    assert_eq!(asked.text("state"), "code_sent", "V13");
    stage.desk.wait(660);
    stage.desk.tick().await;
    stage.desk.admin("PUT", &format!("people/{}/role", stage.ada), &json!({ "role": "org_admin" })).await.fine();
    let session = stage.session().await;
    let before = stage.count(BEN).await;
    let done = stage.as_ada("POST", "swaps", &session, &hand).await.fine();
    assert_eq!(done.text("state"), "completed", "V12");
    assert!(stage.last("swap.exempted").await["role"] == "org_admin", "V12");
    assert_eq!(stage.count(BEN).await, before + 1, "V12: told, and no code");
    stage.desk.admin("PUT", &format!("people/{}/role", stage.ada), &json!({ "role": "user" })).await.fine();
    stage.bring_back().await;
    stage.desk.wait(660);
}

async fn accounts(stage: &Stage) {
    let login = json!({ "email": "ada@example.org", "password": PASSWORD, "token": true });
    let begin = async |body: &Value| stage.desk.post("/v1/acme/login", None, body).await;
    // V15: on from the start; every time.
    for _ in 0..2 {
        assert_eq!(begin(&login).await.status, 202, "V15");
        stage.desk.wait(660);
    }
    // V16: off, then a changed password: one code, once.
    let session = stage.session().await;
    let off = json!({ "on": false, "password": PASSWORD });
    stage.as_ada("PUT", "me/login-code", &session, &off).await.fine();
    assert_eq!(begin(&login).await.status, 200, "off");
    let session = begin(&login).await.text("session");
    let change = json!({ "current": PASSWORD, "new": "cobalt meadow 31 tin" });
    stage.as_ada("PUT", "me/password", &session, &change).await.fine();
    let login = json!({ "email": "ada@example.org", "password": "cobalt meadow 31 tin", "token": true });
    let asked = begin(&login).await.fine();
    assert_eq!(asked.status, 202, "V16");
    let body = json!({ "challenge": asked.text("challenge"), "code": stage.desk.code(ADA).await, "token": true });
    stage.desk.post("/v1/acme/login/code", None, &body).await.fine();
    assert_eq!(begin(&login).await.status, 200, "V16: once");

    // V19: the same answer for an address nobody has, and no mail. V26: after a reset one code.
    let reset = async |email: &str| stage.desk.post("/v1/acme/password/reset", None, &json!({ "email": email })).await;
    let (known, unknown) = (reset("ada@example.org").await, reset("nobody@example.org").await);
    assert_eq!((known.status, known.text), (unknown.status, unknown.text), "V19");
    assert_eq!(stage.count("nobody@example.org").await, 0, "V19");
    let mail = stage.desk.messages("ada@example.org").await.pop().expect("a mail");
    let link = mail.split("/password/reset/").nth(1).expect("a link");
    let (challenge, token) = link.split_once('.').expect("a token");
    let path = format!("/v1/acme/password/reset/{challenge}");
    stage.desk.post(&path, None, &json!({ "token": token, "new": PASSWORD })).await.fine();
    let login = json!({ "email": "ada@example.org", "password": PASSWORD, "token": true });
    assert_eq!(begin(&login).await.status, 202, "V26");
    stage.desk.wait(660);

    // V17: the floor of passwords.
    for (password, fine) in [("abcdefgh", false), ("12345678", false), ("abcdefg1", true)] {
        let body = json!({ "name": format!("P {password}"), "password": password });
        let made = stage.desk.admin("POST", "people", &body).await;
        let by_list = made.text.contains("one of the first that people try");
        assert!(made.status.is_success() == fine || fine && by_list, "V17: {password}: {}", made.text);
    }
    // V18: no PIN where nobody asks for one.
    let session = stage.session().await;
    let refused = stage.as_ada("PUT", "me/pin", &session, &json!({ "pin": "7391" })).await;
    assert_eq!(refused.status, 409, "V18: {}", refused.text);
    stage.as_ada("PUT", "me/login-code", &session, &json!({ "on": true })).await.fine();
    // V25: a name that tells where to go.
    let warned = stage.desk.admin("POST", "keys", &json!({ "card": { "name": "12 Elm Street 4B" } })).await.fine();
    assert!(warned.body["warning"].is_string(), "V25: {}", warned.text);
    stage.desk.wait(660);
}

async fn nights(stage: &Stage) {
    let hours = |weekly: Value| json!({ "weekly": weekly });
    stage.desk.admin("PUT", &format!("locations/{}/hours", stage.place), &hours(json!([]))).await.fine();
    // V21: whoever works by day is refused, and the manager is told.
    let before = stage.count(BOSS).await;
    let (_, refused) = stage.want("badge", "badge-ada").await;
    assert!(refused.body["refusals"].to_string().contains("after_hours.unauthorised"), "V21: {}", refused.text);
    assert_eq!(stage.count(BOSS).await, before + 1, "V21");
    // V20: a badge alone does not do. V22: nor does it without a reason.
    let profile = json!({ "name": "Night maintenance", "after_hours_eligible": true, "factor_kinds": 2 });
    let profile = stage.desk.admin("POST", "profiles", &profile).await.fine().text("profile");
    let duties = json!({ "profiles": [profile], "manager": stage.boss });
    stage.desk.admin("PUT", &format!("people/{}/duties", stage.ada), &duties).await.fine();
    let session = stage.session().await;
    stage.as_ada("PUT", "me/pin", &session, &json!({ "pin": "8302" })).await.fine();
    let (visit, next) = stage.want("badge", "badge-ada").await;
    assert_eq!(next.body["next"], "reason", "V22: {}", next.text);
    let tried = stage.proof(&visit, &json!({ "proof": "pin", "digits": "8302" })).await;
    assert_ne!(tried.body["next"], "open", "V22: not without a reason");
    let why = json!({ "code": "repair", "text": "burst pipe" });
    let (visit, _) = stage.want("badge", "badge-ada").await;
    let next = stage.ask("POST", &format!("visits/{visit}/reason"), &why).await;
    assert!(next.body["any_of"].to_string().contains("pin"), "V20: {}", next.text);
    let open = stage.proof(&visit, &json!({ "proof": "pin", "digits": "8302" })).await;
    let before = stage.desk.messages(BOSS).await.len();
    stage.take(&open).await;
    // V23: once it has left, who, which key, when and why.
    let told = stage.desk.messages(BOSS).await;
    let told = told[before..].join("\n");
    for part in ["Ada Able", "Patrol car 12", "Gate box", "burst pipe"] {
        assert!(told.contains(part), "V23: {part} in {told}");
    }
    stage.bring_back().await;
    // V24: the rules let somebody in whom the procedure does not list.
    let procedure = json!({ "title": "Nights", "owner": stage.boss, "authorised": [{ "person": stage.ben }] });
    stage.desk.admin("POST", "procedures", &procedure).await.fine();
    let found = stage.desk.admin("GET", "procedures/check", &Value::Null).await.fine();
    let unlisted = found.body["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .any(|one| one["code"] == "allowed_not_listed" && one["subject"]["person"] == stage.ada.as_str());
    assert!(unlisted, "V24: {}", found.text);
}

async fn vectors(database: Option<String>) {
    let mut stage = Stage::new(database).await;
    pickups(&stage).await;
    stage.desk.owner = stage.desk.sign_in("olga@example.org", "violet harbour 47 lamp", "+4366000001").await;
    swaps(&stage).await;
    stage.desk.owner = stage.desk.sign_in("olga@example.org", "violet harbour 47 lamp", "+4366000001").await;
    accounts(&stage).await;
    stage.desk.owner = stage.desk.sign_in("olga@example.org", "violet harbour 47 lamp", "+4366000001").await;
    nights(&stage).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v01_to_v26_on_sqlite() {
    vectors(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v01_to_v26_on_postgresql() {
    let server = desk::postgres::Postgres::new();
    vectors(Some(server.url.clone())).await;
}

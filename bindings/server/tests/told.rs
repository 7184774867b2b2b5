//! What the server tells whoever listens: which policy was loaded or refused, and never anything of a request.

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_server::json::{Decided, Terms, read_request};
use keyward_server::{Decider, Policy};
use std::fmt::Write;
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Keeps everything it is told as text.
#[derive(Clone, Default)]
struct Listener(Arc<Mutex<String>>);

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Listener {
    fn add(&self, name: &str, tell: impl FnOnce(&mut Text<'_>)) {
        let mut all = self.0.lock().expect("nobody died");
        all.push_str(name);
        tell(&mut Text(&mut all));
        all.push('\n');
    }
}

impl Subscriber for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add(span.metadata().name(), |text| span.record(text));
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, values: &Record<'_>) {
        self.add("record", |text| values.record(text));
    }
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        self.add("event", |text| event.record(text));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn loading_is_told_and_requests_are_not() {
    let text = "edition 2026\npolicy tests.told version 4\n\ninput who is a person\ninput on is yes or no\n\ndecision d\n  answer a is \
                one of x, y\n\nif unsure a is x\n\nnormally a is x\n  because \"So.\"\n\nrule yes_when_on\n  when on is yes\n  then a is y\n  \
                because \"On.\"\n\nrule named\n  when who is \"boss\"\n  then a is y\n  because \"The boss.\"\n";
    let mut sources = Sources::new();
    let file = sources.add("told.ward", text);
    let compiled = Project::read(sources, None).compile(file);
    let module = compiled.module(Options::default()).unwrap_or_else(|errors| panic!("{errors:?}")).bytes;
    let listener = Listener::default();
    tracing::subscriber::with_default(listener.clone(), || {
        let policy = Policy::load(&module).expect("it loads");
        let request = br#"{"who":"somebody-secret","on":true}"#;
        let request = read_request(policy.schema(), request, &Terms::default()).expect("it is read");
        let decided =
            Decided::new(&mut Decider::new(&policy).expect("an instance"), 0, &request.pack()).expect("decided");
        assert_eq!(decided.answer("a").as_deref(), Some("y"));
        assert!(Policy::load(b"nothing").is_err());
    });
    let told = listener.0.lock().expect("nobody died").clone();
    assert!(told.contains("policy=tests.told version=4 digest="), "{told}");
    assert!(told.contains("refused") && told.contains("not a valid WebAssembly module"), "{told}");
    assert!(!told.contains("secret"), "{told}");
}

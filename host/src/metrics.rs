//! What a host counts about itself, for Prometheus. In: requests, commands. Out: text. Refuses to name people, keys or organizations.

use crate::store::Store;
use crate::writer::Writer;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper ends of the buckets, in milliseconds.
const BUCKETS: [u64; 8] = [1, 5, 10, 25, 50, 100, 250, 1_000];

/// The counters.
#[derive(Debug, Default)]
pub struct Metrics {
    classes: [AtomicU64; 5],
    buckets: [AtomicU64; BUCKETS.len()],
    milliseconds: AtomicU64,
}

impl Metrics {
    /// A request was answered.
    pub fn answered(&self, status: u16, took: Duration) {
        if let Some(class) = usize::from(status / 100).checked_sub(1).and_then(|class| self.classes.get(class)) {
            class.fetch_add(1, Ordering::Relaxed);
        }
        let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        self.milliseconds.fetch_add(milliseconds, Ordering::Relaxed);
        for (bucket, _) in self.buckets.iter().zip(BUCKETS).filter(|(_, end)| took <= Duration::from_millis(*end)) {
            bucket.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// All of it, as Prometheus reads it.
    pub async fn text(&self, store: &Store, writer: &Writer) -> String {
        let mut out = String::new();
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        out.push_str("# HELP keyward_requests_total Requests that were answered, by class of status.\n# TYPE keyward_requests_total counter\n");
        for (class, counter) in self.classes.iter().enumerate() {
            let _ = writeln!(out, "keyward_requests_total{{status=\"{}xx\"}} {}", class + 1, read(counter));
        }
        out.push_str(
            "# HELP keyward_request_seconds How long answers took.\n# TYPE keyward_request_seconds histogram\n",
        );
        for (bucket, end) in self.buckets.iter().zip(BUCKETS) {
            let _ = writeln!(out, "keyward_request_seconds_bucket{{le=\"{}\"}} {}", end as f64 / 1_000.0, read(bucket));
        }
        let all: u64 = self.classes.iter().map(read).sum();
        let sum = read(&self.milliseconds) as f64 / 1_000.0;
        let _ = writeln!(
            out,
            "keyward_request_seconds_bucket{{le=\"+Inf\"}} {all}\nkeyward_request_seconds_sum {sum}\nkeyward_request_seconds_count {all}"
        );
        let (commands, batches) = writer.counts();
        let up = u8::from(writer.trouble().is_none());
        let waiting = store.waiting().await.map_or(-1, |count| count);
        for (name, kind, help, value) in [
            ("keyward_commands_total", "counter", "Commands that were carried out or refused.", commands as i64),
            ("keyward_batches_total", "counter", "Transactions they were written in.", batches as i64),
            ("keyward_outbox_messages", "gauge", "Messages that wait to go out; -1 if that cannot be read.", waiting),
            ("keyward_store_up", "gauge", "Whether the store works.", i64::from(up)),
        ] {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}");
        }
        out
    }
}

//! Reports (F21, R72): what happened, and how things stand, as tables. In: an organization, the entries of a stretch of time. Out: rows of
//! plain text, times in the zone of the organization, with a sentence that says what is in them. Refuses to guess: where there is too
//! little history, it says so.

mod happened;
mod standing;
mod unusual;

use crate::event::{Actor, Entry, Who};
use crate::id::{BinId, BoxId, KeyId, PersonId};
use crate::org::Org;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use keyward::report::table::csv_line;
use serde::Serialize;

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// How to read it, or what is missing.
    pub note: String,
    /// Names of the columns.
    pub columns: &'static [&'static str],
    /// Its rows.
    pub rows: Vec<Vec<String>>,
}

impl Report {
    /// As CSV with a heading: every cell is text in a spreadsheet, whatever it begins with (B7).
    #[must_use]
    pub fn csv(&self) -> String {
        let heading: Vec<String> = self.columns.iter().map(|column| (*column).to_string()).collect();
        std::iter::once(&heading).chain(&self.rows).map(|row| csv_line(row)).collect()
    }
}

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct History<'h> {
    /// The organization as it stands.
    pub org: &'h Org,
    /// Entries, oldest first: those of the stretch, and for [`Kind::lookback`] some before.
    pub entries: &'h [Entry],
    /// The stretch.
    pub from: Timestamp,
    /// Its end.
    pub until: Timestamp,
    /// The time.
    pub now: Timestamp,
}

macro_rules! kinds {
    ($($(#[$what:meta])* $kind:ident = $name:literal, $title:literal, [$($column:literal),*];)*) => {
        /// Which report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($(#[$what])* $kind,)* }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];

            /// The name.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Kind::$kind => $name,)* }
            }

            /// What it is called.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Kind::$kind => $title,)* }
            }

            /// Names of its columns.
            #[must_use]
            pub fn columns(self) -> &'static [&'static str] {
                match self { $(Kind::$kind => &[$($column,)*],)* }
            }
        }
    };
}

kinds! {
    /// Every change of custody.
    Transactions = "transactions", "Keys taken, brought back and handed on", ["at", "what", "key", "from", "to", "method", "factors", "reason", "agreed", "after_hours", "entry"];
    /// Who has which key.
    Out = "out", "Keys that are out", ["key", "holder", "since", "due", "overdue"];
    /// Keys out too long.
    Overdue = "overdue", "Keys that are overdue", ["key", "holder", "since", "due", "hours_late"];
    /// Who can take what, and why.
    Access = "access", "Who may do what with which key, and why", ["person", "key", "actions", "source", "hours", "box", "until", "reservation_only", "denied"];
    /// Keys taken while a place was closed.
    AfterHours = "after_hours", "Keys taken while the place was closed", ["at", "key", "person", "method", "factors", "reason", "agreed", "due", "entry"];
    /// What was refused.
    Denied = "denied", "What was refused, and why", ["at", "person", "key", "refusals", "entry"];
    /// Pickups with one kind of proof or less.
    Weak = "weak", "Pickups without a second factor", ["at", "person", "key", "why", "entry"];
    /// Rights nobody used.
    Unused = "unused", "Rights and people without a pickup", ["what", "name", "detail", "last_used"];
    /// Keys that stay where they are.
    Unmoved = "unmoved", "Keys that did not move", ["key", "place", "since"];
    /// Messages that did not arrive.
    Undelivered = "undelivered", "Messages that did not go out", ["at", "why", "entry"];
    /// Boxes.
    Boxes = "boxes", "How boxes are", ["box", "place", "enrolled", "online", "clock_off_seconds", "bins", "disabled", "to_check"];
    /// Record and reality.
    Differences = "differences", "Where record and reality differed", ["at", "what", "key", "detail", "entry"];
    /// Out of the ordinary.
    Unusual = "unusual", "What is out of the ordinary", ["at", "rule", "person", "key", "why", "entries"];
}

impl Kind {
    /// The one of a name.
    #[must_use]
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// How many days before the stretch it needs.
    #[must_use]
    pub fn lookback(self) -> i64 {
        if self == Kind::Unusual { 56 } else { 0 }
    }
}

/// Makes a report.
#[must_use]
pub fn report(kind: Kind, history: &History<'_>) -> Report {
    let (rows, note) = match kind {
        Kind::Transactions => happened::transactions(history),
        Kind::AfterHours => happened::after_hours(history),
        Kind::Denied => happened::denied(history),
        Kind::Weak => happened::weak(history),
        Kind::Undelivered => happened::undelivered(history),
        Kind::Differences => happened::differences(history),
        Kind::Out => standing::out(history),
        Kind::Overdue => standing::overdue(history),
        Kind::Access => standing::access(history),
        Kind::Unused => standing::unused(history),
        Kind::Unmoved => standing::unmoved(history),
        Kind::Boxes => standing::boxes(history),
        Kind::Unusual => unusual::unusual(history),
    };
    Report { name: kind.word(), title: kind.title(), note, columns: kind.columns(), rows }
}

type Made = (Vec<Vec<String>>, String);

impl History<'_> {
    /// Entries of the stretch itself.
    fn within(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| (self.from..self.until).contains(&entry.at))
    }

    fn time(&self, at: Timestamp) -> String {
        let zone = TimeZone::get(&self.org.tz).unwrap_or(TimeZone::UTC);
        at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S %:z").to_string()
    }

    fn maybe_time(&self, at: Option<Timestamp>) -> String {
        at.map_or_else(String::new, |at| self.time(at))
    }

    fn key(&self, id: KeyId) -> String {
        self.org.keys.get(&id).map_or_else(|| id.to_string(), |key| key.card.name.clone())
    }

    fn person(&self, id: PersonId) -> String {
        let known = self.org.vault.person(id).map(|private| private.contact.name.clone());
        known.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
    }

    fn who(&self, who: Who) -> String {
        match who {
            Who::Person(id) => self.person(id),
            Who::Guest(id) => {
                self.org.vault.guest(id).map_or_else(|| id.to_string(), |guest| format!("{} (guest)", guest.name))
            }
        }
    }

    fn actor(&self, actor: Actor) -> String {
        match actor {
            Actor::Person(id) => self.person(id),
            Actor::Guest(id) => self.who(Who::Guest(id)),
            Actor::Box(id) => self.r#box(id),
            Actor::System => "the host".to_string(),
            Actor::Installer => "the installer".to_string(),
            Actor::Unknown => "somebody".to_string(),
        }
    }

    fn r#box(&self, id: BoxId) -> String {
        self.org.boxes.get(&id).map_or_else(|| id.to_string(), |it| it.name.clone())
    }

    fn bin(&self, id: BinId) -> String {
        match self.org.bins.get(&id) {
            Some(bin) => format!("{}, bin {}", self.r#box(bin.r#box), bin.label),
            None => id.to_string(),
        }
    }
}

fn listed<T: ToString>(all: impl IntoIterator<Item = T>) -> String {
    all.into_iter().map(|one| one.to_string()).collect::<Vec<_>>().join(", ")
}

fn yes(is: bool) -> String {
    if is { "yes".to_string() } else { String::new() }
}

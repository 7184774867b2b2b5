//! Reviews of rights (R59, F27) and counts of keys. In: who looks, until when, what they decide for each right. Out: rights that stay or are
//! taken away, with the evidence in the log. Refuses that somebody decides about their own rights, and to close what is half done.

use crate::card::{Object, Permission, Subject};
use crate::event::Event;
use crate::fault::{Done, Fault, invalid};
use crate::id::{BinId, BoxId, GroupId, KeyId, PermissionId, PersonId, ReviewId};
use crate::kinds::{BinState, Role};
use crate::org::Org;
use crate::turn::Turn;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A review.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Review {
    /// Who looks.
    pub reviewer: PersonId,
    /// When it began.
    pub started: Timestamp,
    /// Until when.
    pub due: Timestamp,
    /// Each right: whether it stays, once somebody has decided.
    pub lines: BTreeMap<PermissionId, Option<bool>>,
    /// When it was closed.
    pub closed: Option<Timestamp>,
    /// Whether it was told that it is late.
    pub told: bool,
}

/// What a review looks at. Empty: every right.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// Rights to these keys.
    #[serde(default)]
    pub keys: BTreeSet<KeyId>,
    /// Rights to these groups.
    #[serde(default)]
    pub groups: BTreeSet<GroupId>,
}

impl Scope {
    fn covers(&self, org: &Org, card: &Permission) -> bool {
        if self.keys.is_empty() && self.groups.is_empty() {
            return true;
        }
        match card.object {
            Object::All => true,
            Object::Group(group) => self.groups.contains(&group),
            Object::Key(key) => {
                let groups = org.keys.get(&key).map(|key| &key.card.groups);
                self.keys.contains(&key) || groups.is_some_and(|own| !own.is_disjoint(&self.groups))
            }
        }
    }
}

/// Whether a right is one of a person, by name or by profile.
fn own(org: &Org, card: &Permission, id: PersonId) -> bool {
    match card.subject {
        Subject::Person(subject) => subject == id,
        Subject::Profile(profile) => org.people.get(&id).is_some_and(|person| person.profiles.contains(&profile)),
    }
}

/// What was found in a bin.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The bin.
    pub bin: BinId,
    /// The key in it; none: it is empty.
    pub key: Option<KeyId>,
}

impl Turn<'_> {
    /// Begins a review.
    pub fn start_review(&mut self, reviewer: PersonId, due: Timestamp, scope: &Scope) -> Done<(ReviewId, usize)> {
        self.must_administrate()?;
        let person = self.person(reviewer)?;
        if !matches!(person.role, Role::Owner | Role::OrgAdmin | Role::Manager | Role::Auditor) {
            return invalid("reviewer", "a reviewer is an owner, an organization admin, a manager or an auditor");
        }
        if due <= self.now || due.duration_since(self.now) > SignedDuration::from_hours(24 * 365) {
            return invalid("due", "within the next year");
        }
        let lines: BTreeSet<PermissionId> =
            self.org.permissions.iter().filter(|(_, card)| scope.covers(self.org, card)).map(|(id, _)| *id).collect();
        if lines.is_empty() {
            return Err(Fault::Conflict("There are no rights of this kind.".to_string()));
        }
        let count = lines.len();
        let review: ReviewId = self.id();
        self.emit(Event::ReviewStarted { review, reviewer, due, lines });
        self.tell(reviewer, "review", &format!("Please look through {count} rights."));
        Ok((review, count))
    }

    /// Decides about one right: it stays, or is taken away at once.
    pub fn decide_line(&mut self, review: ReviewId, permission: PermissionId, keeps: bool, note: &str) -> Done<()> {
        let open = self.open_review(review)?;
        let me = match self.actor {
            crate::event::Actor::Person(me) if me == open.reviewer => me,
            _ => self.must_administrate()?,
        };
        let line = open.lines.get(&permission).ok_or(Fault::NotFound("line"))?;
        if line.is_some() {
            return Err(Fault::Conflict("This right was decided about already.".to_string()));
        }
        if note.chars().count() > 400 || note.chars().any(char::is_control) || !keeps && note.is_empty() {
            return invalid("note", "at most 400 characters on one line; needed where a right is taken away");
        }
        let card = self.org.permissions.get(&permission);
        if card.is_some_and(|card| own(self.org, card, me)) {
            return Err(Fault::Forbidden("Somebody else has to decide about your own rights."));
        }
        let exists = card.is_some();
        self.emit(Event::ReviewDecided { review, permission, keeps, note: note.to_string(), by: me });
        if !keeps && exists {
            self.emit(Event::PermissionRevoked { permission });
        }
        Ok(())
    }

    fn open_review(&self, review: ReviewId) -> Done<Review> {
        let open = self.org.reviews.get(&review).ok_or(Fault::NotFound("review"))?;
        match open.closed {
            None => Ok(open.clone()),
            Some(_) => Err(Fault::Conflict("This review is closed.".to_string())),
        }
    }

    /// Closes a review in which everything was decided, or whose rights are gone.
    pub fn close_review(&mut self, review: ReviewId) -> Done<(u32, u32)> {
        let open = self.open_review(review)?;
        match self.actor {
            crate::event::Actor::Person(me) if me == open.reviewer => {}
            _ => drop(self.must_administrate()?),
        }
        let left =
            open.lines.iter().filter(|(id, line)| line.is_none() && self.org.permissions.contains_key(id)).count();
        if left > 0 {
            return Err(Fault::Conflict(format!("{left} rights were not decided about.")));
        }
        let count =
            |which| u32::try_from(open.lines.values().filter(|line| **line == Some(which)).count()).unwrap_or(u32::MAX);
        let (kept, revoked) = (count(true), count(false));
        self.emit(Event::ReviewClosed { review, kept, revoked });
        Ok((kept, revoked))
    }

    /// Tells once that a review is late.
    pub(crate) fn reviews_late(&mut self) {
        let late = self.org.reviews.iter().filter(|(_, one)| one.closed.is_none() && !one.told && one.due <= self.now);
        let late: Vec<_> = late.map(|(id, one)| (*id, one.reviewer)).collect();
        for (review, reviewer) in late {
            self.emit(Event::ReviewOverdue { review });
            self.tell(reviewer, "review", "Your review of rights is late.");
            let name = self.name(crate::event::Who::Person(reviewer));
            self.tell_admins("review", &format!("The review of rights by {name} is late."));
        }
    }

    /// Somebody has looked into every bin of a box. Where the record says something else, the bin is to be checked. Whoever may take keys
    /// from the box does not count it, and neither does an administrator, who could put the record right (F27).
    pub fn count_box(&mut self, r#box: BoxId, found: &[Counted]) -> Done<(u32, u32)> {
        let by = self.must_be(&[Role::Manager, Role::Auditor])?;
        let bins = self.org.boxes.get(&r#box).ok_or(Fault::NotFound("box"))?.bins.clone();
        let seen: BTreeMap<BinId, Option<KeyId>> = found.iter().map(|one| (one.bin, one.key)).collect();
        if seen.len() != found.len() || bins.iter().any(|bin| !seen.contains_key(bin)) || seen.len() != bins.len() {
            return invalid("bins", "every bin of the box, each once");
        }
        let person = self.person(by)?;
        let conflict = self
            .org
            .permissions
            .values()
            .any(|card| !card.denies && own(self.org, card, by) && card.at.is_none_or(|at| at == r#box));
        if conflict || self.org.held_by(crate::event::Who::Person(by)) > 0 {
            let _ = person;
            return Err(Fault::Forbidden("Whoever may take keys from this box does not count it."));
        }
        let differs: Vec<(BinId, Option<KeyId>)> = bins
            .iter()
            .map(|bin| (*bin, seen.get(bin).copied().flatten()))
            .filter(|(bin, key)| self.org.bins.get(bin).is_some_and(|known| known.key != *key))
            .collect();
        let differences = u32::try_from(differs.len()).unwrap_or(u32::MAX);
        let right = u32::try_from(bins.len()).unwrap_or(u32::MAX) - differences;
        self.emit(Event::InventoryCounted { r#box, by, right, differences });
        for (bin, key) in &differs {
            let known = self.org.bins.get(bin).and_then(|bin| bin.key);
            self.emit(Event::BinStateChanged { bin: *bin, state: BinState::Check });
            if let Some(key) = known.or(*key) {
                self.emit(Event::Discrepancy { key, bin: *bin });
            }
        }
        if differences > 0 {
            let text = format!("A count of {} found {differences} differences.", self.box_name(r#box));
            self.tell_admins("inventory", &text);
        }
        Ok((right, differences))
    }
}

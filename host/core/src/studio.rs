//! Policies of an organization's own (F05): written, checked, approved by another administrator, published, taken back. In: a text that
//! refines one of the five policies. Out: entries; the next decision obeys. Refuses to publish what has errors, what nobody else has
//! agreed to where there is somebody else, and what would leave a place or a setting without meaning.

use crate::event::Event;
use crate::fault::{Done, Fault, invalid};
use crate::id::{DraftId, PersonId};
use crate::kinds::{AccountState, DraftState, Role};
use crate::org::Draft;
use crate::shelf::{self, Examined, Kind, LARGEST, Own, Which};
use crate::turn::Turn;

/// Drafts that are kept open at most.
const OPEN: usize = 100;

fn sentence(field: &'static str, text: &str, least: usize) -> Done<()> {
    let count = text.chars().count();
    match (least..=400).contains(&count) && !text.chars().any(char::is_control) {
        true => Ok(()),
        false => invalid(field, format!("{least} to 400 characters on one line")),
    }
}

impl crate::org::Org {
    /// A policy as it would be with a draft.
    #[must_use]
    pub fn with_draft(&self, draft: &Draft) -> Option<Which> {
        let own = Own { text: draft.text.clone(), name: draft.name.clone(), version: draft.version };
        Some(Which { own: Some(own), ..self.which(Kind::of(&draft.policy)?) })
    }
}

impl Turn<'_> {
    /// Keeps a policy that somebody wrote, whatever is wrong with it: nothing that was typed is lost. `found` is what
    /// [`shelf::examine`] says of the text; that takes a while, so it is done before the organization is held.
    pub fn draft(&mut self, kind: Kind, text: &str, why: &str, found: &Examined) -> Done<DraftId> {
        let by = self.must_administrate()?;
        sentence("why", why, 1)?;
        if text.len() > LARGEST {
            return invalid("text", format!("a policy has at most {} KiB", LARGEST / 1024));
        }
        if self.org.drafts.values().filter(|draft| draft.state == DraftState::Open).count() >= OPEN {
            return Err(Fault::Conflict(format!("There are {OPEN} drafts already. Please withdraw some.")));
        }
        let draft: DraftId = self.id();
        self.emit(Event::PolicyDrafted {
            draft,
            policy: kind.word().to_string(),
            name: found.name.clone(),
            version: found.version,
            text: text.to_string(),
            why: why.to_string(),
            by,
        });
        Ok(draft)
    }

    fn open_draft(&self, id: DraftId) -> Done<(Kind, Draft)> {
        let draft = self.org.drafts.get(&id).ok_or(Fault::NotFound("draft"))?;
        let kind = Kind::of(&draft.policy).ok_or(Fault::NotFound("policy"))?;
        match draft.state {
            DraftState::Open => Ok((kind, draft.clone())),
            DraftState::Live => Err(Fault::Conflict("This draft is in force already.".to_string())),
            _ => Err(Fault::Conflict("This draft is over. Please write it anew, with a higher version.".to_string())),
        }
    }

    /// Gives a draft up.
    pub fn withdraw(&mut self, id: DraftId) -> Done<()> {
        self.must_administrate()?;
        self.open_draft(id)?;
        self.emit(Event::PolicyWithdrawn { draft: id });
        Ok(())
    }

    /// Agrees to a draft of somebody else.
    pub fn approve_draft(&mut self, id: DraftId) -> Done<()> {
        let by = self.must_administrate()?;
        let (_, draft) = self.open_draft(id)?;
        if draft.by == by {
            return Err(Fault::Forbidden("Somebody else has to agree to your draft."));
        }
        self.emit(Event::PolicyApproved { draft: id, by });
        Ok(())
    }

    /// Puts a draft in force: it is proved with the hours of every place, and the next decision obeys (F05). `found` is what
    /// [`shelf::examine`] says of its text.
    pub fn publish(&mut self, id: DraftId, accepts: &str, found: &Examined) -> Done<String> {
        let me = self.must_administrate()?;
        let (kind, draft) = self.open_draft(id)?;
        if let Some(error) = found.errors.first() {
            return Err(Fault::Conflict(format!("This draft has errors, so it cannot be published: {error}.")));
        }
        sentence("accepts", accepts, usize::from(!found.warnings.is_empty()))?;
        if draft.approved.is_none_or(|by| !self.administrates(by)) && self.others_could_agree(draft.by, me) {
            return Err(Fault::Conflict("Another administrator has to agree to this draft first.".to_string()));
        }
        let newer = self.org.drafts.values().any(|other| {
            other.policy == draft.policy
                && matches!(other.state, DraftState::Live | DraftState::Retired)
                && other.name == draft.name
                && other.version >= draft.version
        });
        if newer {
            return Err(Fault::Conflict("This version was in force before. Please give it a higher one.".to_string()));
        }
        let which = self.org.with_draft(&draft).ok_or(Fault::NotFound("policy"))?;
        let digest = self.would_work(&which)?;
        let sites = if kind == Kind::AfterHours { self.sites_with(&which)? } else { Vec::new() };
        let policy = kind.word().to_string();
        self.emit(Event::PolicyPublished {
            policy: policy.clone(),
            location: None,
            draft: Some(id),
            digest: digest.clone(),
            accepts: accepts.to_string(),
        });
        self.publish_sites(sites);
        Ok(digest)
    }

    /// Goes back to the policy that comes with the host. An older policy of one's own comes back as a draft with a higher version.
    pub fn roll_back(&mut self, kind: Kind, why: &str) -> Done<String> {
        self.must_administrate()?;
        sentence("why", why, 1)?;
        if !self.org.own.contains_key(kind.word()) {
            return Err(Fault::Conflict("The policy that comes with the host is in force already.".to_string()));
        }
        let which = Which::shipped(kind, self.preset());
        let digest = self.would_work(&which)?;
        let sites = if kind == Kind::AfterHours { self.sites_with(&which)? } else { Vec::new() };
        self.emit(Event::PolicyRolledBack {
            policy: kind.word().to_string(),
            digest: digest.clone(),
            why: why.to_string(),
        });
        self.publish_sites(sites);
        Ok(digest)
    }

    /// Whether a policy compiles and every setting that was changed still means something.
    fn would_work(&self, which: &Which) -> Done<String> {
        let broken = |found: Vec<String>| Fault::Conflict(format!("It does not compile: {}.", found.join("; ")));
        let policy = shelf::compiled(which).map_err(broken)?;
        let open = shelf::settings(std::slice::from_ref(which)).map_err(broken)?;
        let people = self.org.people.values().map(|person| &person.settings);
        for (name, value) in people.chain([&self.org.settings]).flatten() {
            if let Some(setting) = open.iter().find(|setting| setting.name == *name)
                && !setting.values.contains(value)
            {
                let all = setting.values.join(", ");
                return Err(Fault::Conflict(format!("`{name}` is `{value}` now, and only {all} would be left.")));
            }
        }
        Ok(policy.digest().to_string())
    }

    /// The modules of all places, on top of a policy that is not in force yet.
    fn sites_with(&self, which: &Which) -> Done<Vec<(crate::id::LocationId, String)>> {
        let (name, version) = which.top();
        let mut sites = Vec::new();
        for (id, place) in &self.org.locations {
            let text = place.hours.ward("site", &place.card.name, &name, version);
            let site = Which { site: Some(text.into()), ..which.clone() };
            let policy = shelf::compiled(&site).map_err(|found| {
                Fault::Conflict(format!(
                    "With the hours of {} it does not hold: {}.",
                    place.card.name,
                    found.join("; ")
                ))
            })?;
            sites.push((*id, policy.digest().to_string()));
        }
        Ok(sites)
    }

    fn publish_sites(&mut self, sites: Vec<(crate::id::LocationId, String)>) {
        for (location, digest) in sites {
            self.emit(Event::PolicyPublished {
                policy: Kind::AfterHours.word().to_string(),
                location: Some(location),
                draft: None,
                digest,
                accepts: String::new(),
            });
        }
    }

    fn administrates(&self, id: PersonId) -> bool {
        let person = self.org.people.get(&id);
        person.is_some_and(|one| one.state == AccountState::Active && matches!(one.role, Role::Owner | Role::OrgAdmin))
    }

    /// Whether somebody beside the author, or beside whoever publishes, could have agreed.
    fn others_could_agree(&self, author: PersonId, me: PersonId) -> bool {
        // Whoever publishes what somebody else wrote agrees by that.
        author == me && self.admins().iter().any(|id| *id != me)
    }
}

//! Setting an organization up and changing it: people, keys, places, permissions, settings (F01-F04). In: what an administrator
//! says. Out: entries. Refuses everybody who is no administrator, and everything that does not fit.

use crate::event::{Actor, Event, KeyCard, Object, Permission, Place, Profile, ReasonCode, Subject, Who};
use crate::fault::{Done, Fault, invalid};
use crate::hours::Hours;
use crate::id::{BinId, BoxId, CredentialId, GroupId, KeyId, LocationId, PermissionId, PersonId, ProfileId};
use crate::kinds::{AccountState, BinState, Channel, KeyStatus, Method, Preset, Role};
use crate::label::label;
use crate::org::Where;
use crate::shelf::{self, Kind, Setting};
use crate::turn::Turn;
use crate::vault::{Contact, Owner, Private, Record, Stretched};
use crate::{code, code::Purpose};
use std::collections::BTreeSet;

/// What is to be known of a new person.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// Name and addresses. They count as verified: an administrator vouches for them.
    pub contact: Contact,
    /// The manager.
    pub manager: Option<PersonId>,
    /// A first password, stretched; none: a person without a login, who uses boxes only.
    pub password: Option<Stretched>,
}

/// What an administrator says about a person beside the contact.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duties {
    /// Job profiles.
    #[serde(default)]
    pub profiles: BTreeSet<ProfileId>,
    /// The manager.
    #[serde(default)]
    pub manager: Option<PersonId>,
    /// On the after-hours list by name.
    #[serde(default)]
    pub after_hours: bool,
    /// Barred after hours by name.
    #[serde(default)]
    pub barred: bool,
    /// May break the glass.
    #[serde(default)]
    pub break_glass: bool,
}

pub(crate) fn named(field: &'static str, text: &str) -> Done<()> {
    let count = text.chars().count();
    match (1..=100).contains(&count) && !text.chars().any(char::is_control) && text.trim() == text {
        true => Ok(()),
        false => invalid(field, "1 to 100 characters on one line, without blanks around them"),
    }
}

/// A mobile number: `+`, then 7 to 15 digits, the first not zero (E.164).
pub fn mobile(text: &str) -> Done<()> {
    let digits = text.strip_prefix('+').unwrap_or("");
    let sound =
        (7..=15).contains(&digits.len()) && digits.bytes().all(|one| one.is_ascii_digit()) && !digits.starts_with('0');
    if sound { Ok(()) } else { invalid("mobile", "a mobile number is `+` and 7 to 15 digits, such as +4915112345678") }
}

/// An e-mail address: something, `@`, a domain, no blanks.
pub fn email(text: &str) -> Done<()> {
    let sound = text.len() <= 254
        && text.bytes().all(|one| one.is_ascii_graphic() && !b"<>,;:\"()[]\\".contains(&one))
        && text.split_once('@').is_some_and(|(left, right)| {
            !left.is_empty()
                && !right.contains('@')
                && right.contains('.')
                && !right.starts_with('.')
                && !right.ends_with('.')
        });
    if sound { Ok(()) } else { invalid("email", "an e-mail address such as ada@example.org is needed") }
}

/// Whether a text can be the name of an organization in addresses.
#[must_use]
pub fn slug(text: &str) -> bool {
    let fine = |one: u8| one.is_ascii_lowercase() || one.is_ascii_digit() || one == b'-';
    (1..=40).contains(&text.len()) && text.bytes().all(fine)
}

fn contact(contact: &Contact) -> Done<()> {
    named("name", &contact.name)?;
    contact.mobile.as_deref().map_or(Ok(()), mobile)?;
    contact.email.as_deref().map_or(Ok(()), email)
}

impl Turn<'_> {
    /// Creates the organization with its owner (F01, R37, R21).
    pub fn found(&mut self, name: &str, slug: &str, tz: &str, preset: Preset, owner: NewPerson) -> Done<PersonId> {
        if self.org.preset.is_some() {
            return Err(Fault::Conflict("This organization has been set up already.".to_string()));
        }
        named("name", name)?;
        if !self::slug(slug) {
            return invalid("slug", "1 to 40 of a-z, 0-9 and -");
        }
        zone(tz)?;
        contact(&owner.contact)?;
        if owner.password.is_none() || owner.contact.email.is_none() {
            return invalid("owner", "the owner needs an e-mail address and a password");
        }
        self.emit(Event::OrgCreated { name: name.to_string(), slug: slug.to_string(), tz: tz.to_string(), preset });
        let id = self.add_person(owner);
        self.emit(Event::RoleGranted { person: id, role: Role::Owner });
        for (code, label, in_procedure, emergency) in [
            ("emergency", "Danger to life or property", true, true),
            ("repair", "Urgent repair", true, false),
            ("duty", "Duty that was planned", true, false),
            ("other", "Something else", false, false),
        ] {
            let reason = ReasonCode { label: label.to_string(), in_procedure, emergency };
            self.emit(Event::ReasonCodeChanged { code: code.to_string(), reason });
        }
        Ok(id)
    }

    /// Acknowledges the notices about shared responsibility, boxes, labels and residual risk (R15-R18).
    pub fn acknowledge(&mut self, version: u32) -> Done<()> {
        let person = self.must_administrate()?;
        if version != crate::notice::VERSION {
            return invalid("version", format!("the notices are of version {}", crate::notice::VERSION));
        }
        self.emit(Event::NoticeAcknowledged { person, version });
        Ok(())
    }

    fn add_person(&mut self, new: NewPerson) -> PersonId {
        let id: PersonId = self.id();
        let private = Private { contact: new.contact.clone(), password: new.password, ..Private::default() };
        self.record(Owner::Person(id), Some(Record::Person(private)));
        self.emit(Event::UserCreated { person: id, manager: new.manager });
        for (channel, known) in [(Channel::Sms, &new.contact.mobile), (Channel::Email, &new.contact.email)] {
            if known.is_some() {
                self.emit(Event::ContactVerified { person: id, channel });
            }
        }
        if let Some(number) = new.contact.mobile {
            self.put_credential(Who::Person(id), Method::PhoneNumber, &number, None, None, false);
        }
        id
    }

    /// Adds a person (F02).
    pub fn create_person(&mut self, new: NewPerson) -> Done<PersonId> {
        self.must_administrate()?;
        contact(&new.contact)?;
        if let Some(manager) = new.manager {
            self.person(manager)?;
        }
        if let Some(address) = &new.contact.email
            && self.org.by_email(address).is_some()
        {
            return Err(Fault::Conflict("Somebody else has this e-mail address.".to_string()));
        }
        if let Some(number) = &new.contact.mobile
            && self.shown(Method::PhoneNumber, number).is_some()
        {
            return Err(Fault::Conflict("Somebody else has this mobile number.".to_string()));
        }
        Ok(self.add_person(new))
    }

    /// Says what somebody's duties are.
    pub fn change_person(&mut self, id: PersonId, duties: Duties) -> Done<()> {
        self.must_administrate()?;
        self.person(id)?;
        if let Some(gone) = duties.profiles.iter().find(|profile| !self.org.profiles.contains_key(profile)) {
            return invalid("profiles", format!("there is no profile {gone}"));
        }
        if let Some(manager) = duties.manager {
            self.person(manager)?;
            if manager == id {
                return invalid("manager", "nobody is their own manager");
            }
        }
        let Duties { profiles, manager, after_hours, barred, break_glass } = duties;
        self.emit(Event::UserChanged { person: id, profiles, manager, after_hours, barred, break_glass });
        Ok(())
    }

    /// Gives somebody a role. The owner stays the owner.
    pub fn grant_role(&mut self, id: PersonId, role: Role) -> Done<()> {
        let me = self.must_administrate()?;
        if role == Role::Owner || self.person(id)?.role == Role::Owner {
            return Err(Fault::Conflict("There is exactly one owner.".to_string()));
        }
        if role == Role::OrgAdmin && self.person(me)?.role != Role::Owner {
            return Err(Fault::Forbidden("Only the owner appoints organization admins."));
        }
        self.emit(Event::RoleGranted { person: id, role });
        Ok(())
    }

    /// Suspends somebody: sessions end, nothing of theirs is accepted (F29, W9). Keys they have stay on their name.
    pub fn suspend(&mut self, id: PersonId) -> Done<()> {
        let me = self.must_administrate()?;
        let person = self.person(id)?;
        if person.role == Role::Owner || me == id {
            return Err(Fault::Conflict("The owner and one's own account cannot be suspended.".to_string()));
        }
        if person.state == AccountState::Active {
            self.cancel_swaps(id, "suspended");
            self.emit(Event::UserSuspended { person: id });
        }
        Ok(())
    }

    /// Ends a suspension.
    pub fn reactivate(&mut self, id: PersonId) -> Done<()> {
        self.must_administrate()?;
        if self.person(id)?.state == AccountState::Suspended {
            self.emit(Event::UserReactivated { person: id });
        }
        Ok(())
    }

    /// Makes or changes a job profile.
    pub fn set_profile(&mut self, id: Option<ProfileId>, card: Profile) -> Done<ProfileId> {
        self.must_administrate()?;
        named("name", &card.name)?;
        if !(1..=3).contains(&card.factor_kinds) {
            return invalid("factor_kinds", "1, 2 or 3");
        }
        if let Some(id) = id
            && !self.org.profiles.contains_key(&id)
        {
            return Err(Fault::NotFound("profile"));
        }
        let profile = id.unwrap_or_else(|| self.id());
        self.emit(Event::ProfileChanged { profile, card });
        Ok(profile)
    }

    /// Gives or denies a right.
    pub fn grant(&mut self, card: Permission) -> Done<PermissionId> {
        self.must_administrate()?;
        match card.subject {
            Subject::Person(id) => self.person(id).map(|_| ())?,
            Subject::Profile(id) => self.org.profiles.get(&id).map(|_| ()).ok_or(Fault::NotFound("profile"))?,
        }
        match card.object {
            Object::Key(id) => self.org.keys.get(&id).map(|_| ()).ok_or(Fault::NotFound("key"))?,
            Object::Group(id) => self.org.groups.get(&id).map(|_| ()).ok_or(Fault::NotFound("group"))?,
            Object::All => {}
        }
        if let Some(at) = card.at {
            self.org.boxes.get(&at).ok_or(Fault::NotFound("box"))?;
        }
        if card.actions.is_empty() {
            return invalid("actions", "at least one action");
        }
        if let Some(why) = card.windows.iter().find_map(|window| window.check().err()) {
            return invalid("windows", why);
        }
        let permission = self.id();
        self.emit(Event::PermissionGranted { permission, card });
        Ok(permission)
    }

    /// Takes a right back.
    pub fn revoke(&mut self, permission: PermissionId) -> Done<()> {
        self.must_administrate()?;
        self.org.permissions.get(&permission).ok_or(Fault::NotFound("permission"))?;
        self.emit(Event::PermissionRevoked { permission });
        Ok(())
    }

    /// Makes a group of keys.
    pub fn create_group(&mut self, name: &str) -> Done<GroupId> {
        self.must_administrate()?;
        named("name", name)?;
        let group = self.id();
        self.emit(Event::GroupCreated { group, name: name.to_string() });
        Ok(group)
    }

    /// Adds a key (F03). Gives its name and a warning about its label (R17).
    pub fn create_key(&mut self, card: KeyCard, address: &str, notes: &str) -> Done<(KeyId, Option<&'static str>)> {
        self.must_administrate()?;
        self.key_card(&card, None)?;
        let warning = label(&card.name, address);
        if let Some(why) = warning
            && self.org.setting("host.label_lint") == Some("block")
        {
            return invalid("name", why);
        }
        let key: KeyId = self.id();
        if !address.is_empty() || !notes.is_empty() {
            self.record(Owner::Key(key), Some(Record::Key { address: address.to_string(), notes: notes.to_string() }));
        }
        self.emit(Event::KeyCreated { key, card });
        if let Some(why) = warning {
            self.emit(Event::LabelWarning { key, why: why.to_string() });
        }
        Ok((key, warning))
    }

    /// Changes what is said about a key.
    pub fn change_key(&mut self, key: KeyId, card: KeyCard) -> Done<()> {
        self.must_administrate()?;
        let old = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?;
        if old.card.fob != card.fob && !matches!(old.place, Where::Unknown) {
            return Err(Fault::Conflict(
                "A fob can be changed only while the key is neither in a box nor out.".to_string(),
            ));
        }
        self.key_card(&card, Some(key))?;
        self.emit(Event::KeyChanged { key, card });
        Ok(())
    }

    fn key_card(&self, card: &KeyCard, own: Option<KeyId>) -> Done<()> {
        named("name", &card.name)?;
        if card.approvers > 2 {
            return invalid("approvers", "0, 1 or 2");
        }
        if card.max_out_minutes.is_some_and(|minutes| minutes == 0 || minutes > 60 * 24 * 366) {
            return invalid("max_out_minutes", "1 minute to 366 days");
        }
        if let Some(gone) = card.groups.iter().find(|group| !self.org.groups.contains_key(group)) {
            return invalid("groups", format!("there is no group {gone}"));
        }
        if let Some(fob) = &card.fob {
            named("fob", fob)?;
            if self.org.fobs.get(fob).is_some_and(|key| Some(*key) != own) {
                return Err(Fault::Conflict("This fob is on another key.".to_string()));
            }
        }
        Ok(())
    }

    /// Puts a key out of use or back (F03, F28).
    pub fn key_status(&mut self, key: KeyId, status: KeyStatus) -> Done<()> {
        self.must_administrate()?;
        let known = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?;
        if status == KeyStatus::Retired && known.place != Where::Unknown {
            return Err(Fault::Conflict("A key that is in a box or out cannot be retired.".to_string()));
        }
        if known.status != status {
            self.emit(Event::KeyStatusChanged { key, status });
        }
        Ok(())
    }

    /// Puts the record right after somebody looked (K14, F28): where a key really is.
    pub fn correct(&mut self, key: KeyId, place: Where, why: &str) -> Done<()> {
        self.must_administrate()?;
        named("why", why)?;
        let known = self.org.keys.get(&key).ok_or(Fault::NotFound("key"))?;
        let version = known.version + 1;
        let old = known.place;
        match place {
            Where::Bin(bin) => {
                let there = self.org.bins.get(&bin).ok_or(Fault::NotFound("bin"))?;
                if there.key.is_some_and(|other| other != key) {
                    return Err(Fault::Conflict("Another key is in this bin.".to_string()));
                }
            }
            Where::Held(Who::Person(id)) => self.person(id).map(|_| ())?,
            Where::Held(Who::Guest(id)) => self.org.bookings.get(&id).map(|_| ()).ok_or(Fault::NotFound("booking"))?,
            Where::Unknown => {}
        }
        if old == Where::Unknown
            && version == 1
            && let Where::Bin(bin) = place
        {
            self.emit(Event::Placed { key, bin, version });
        } else {
            self.emit(Event::Corrected { key, version, place, why: why.to_string() });
        }
        Ok(())
    }

    /// Makes or changes a place (F04). A new one is closed until it has hours.
    pub fn set_location(&mut self, id: Option<LocationId>, place: Place) -> Done<LocationId> {
        self.must_administrate()?;
        named("name", &place.name)?;
        zone(&place.tz)?;
        if let Some(designated) = place.designated {
            self.person(designated)?;
        }
        let known = ["indoor", "locked_room", "camera", "alarm"];
        if place.placement.iter().any(|word| !known.contains(&word.as_str())) {
            return invalid("placement", "any of indoor, locked_room, camera, alarm");
        }
        if let Some(id) = id
            && !self.org.locations.contains_key(&id)
        {
            return Err(Fault::NotFound("location"));
        }
        let location = id.unwrap_or_else(|| self.id());
        self.emit(Event::LocationChanged { location, place });
        Ok(location)
    }

    /// Saves the hours of a place: the policy of the place is written anew, proved and in force with the next decision.
    pub fn set_hours(&mut self, location: LocationId, hours: Hours) -> Done<String> {
        self.must_administrate()?;
        let place = self.org.locations.get(&location).ok_or(Fault::NotFound("location"))?;
        if let Err(why) = hours.check() {
            return invalid("hours", why);
        }
        let site = self.org.after_hours_with(&place.card.name, &hours);
        let policy = shelf::compiled(&site).map_err(|found| Fault::Invalid("hours", found.join("; ")))?;
        let digest = policy.digest().to_string();
        self.emit(Event::CalendarChanged { location, weekly: hours.weekly, holidays: hours.holidays });
        self.emit(Event::PolicyPublished {
            policy: Kind::AfterHours.word().to_string(),
            location: Some(location),
            draft: None,
            digest: digest.clone(),
            accepts: String::new(),
        });
        Ok(digest)
    }

    /// Adds a box with its bins (F04). Gives the one-time code it is enrolled with.
    pub fn add_box(&mut self, location: LocationId, name: &str, labels: &[String]) -> Done<(BoxId, String)> {
        self.must_administrate()?;
        self.org.locations.get(&location).ok_or(Fault::NotFound("location"))?;
        named("name", name)?;
        if labels.is_empty() || labels.len() > 1_000 {
            return invalid("bins", "1 to 1,000 bins");
        }
        let mut seen = BTreeSet::new();
        for label in labels {
            named("bins", label)?;
            if !seen.insert(label) {
                return invalid("bins", "two bins have one label");
            }
        }
        let r#box: BoxId = self.id();
        let bins: Vec<(BinId, String)> = labels.iter().map(|label| (self.id(), label.clone())).collect();
        self.emit(Event::BoxAdded { r#box, location, name: name.to_string(), bins });
        let code = self.token();
        let credential: CredentialId = CredentialId(r#box.0);
        let mac = self.pepper.mac(Purpose::Enrolment, &[&r#box.0.to_bytes()], &code);
        self.record(Owner::Credential(credential), Some(Record::Mac(mac)));
        Ok((r#box, code))
    }

    /// A box shows its one-time code and says which key it signs with.
    pub fn enrol(&mut self, r#box: BoxId, code: &str, public_key: &str) -> Done<()> {
        let known = self.org.boxes.get(&r#box).ok_or(Fault::NotAccepted)?;
        let owner = Owner::Credential(CredentialId(r#box.0));
        let mac = self.pepper.mac(Purpose::Enrolment, &[&r#box.0.to_bytes()], code);
        let right = self.org.vault.mac(owner).is_some_and(|own| code::same(own, &mac));
        if !right || known.public_key.is_some() {
            return Err(Fault::NotAccepted);
        }
        if public_key.len() != 64 || !public_key.bytes().all(|one| one.is_ascii_hexdigit()) {
            return invalid("public_key", "64 hexadecimal digits");
        }
        self.record(owner, None);
        self.actor = Actor::Box(r#box);
        self.emit(Event::BoxEnrolled { r#box, public_key: public_key.to_ascii_lowercase() });
        self.emit(Event::BoxOnline { r#box });
        Ok(())
    }

    /// Enables or disables a bin.
    pub fn bin_state(&mut self, bin: BinId, state: BinState) -> Done<()> {
        self.must_administrate()?;
        self.org.bins.get(&bin).ok_or(Fault::NotFound("bin"))?;
        self.emit(Event::BinStateChanged { bin, state });
        Ok(())
    }

    /// Changes a setting of the organization (R02, R12, R14 …), or one's own.
    pub fn set_setting(&mut self, name: &str, value: &str, of: Option<PersonId>) -> Done<()> {
        let me = match of {
            None => self.must_administrate()?,
            Some(id) if self.actor == Actor::Person(id) => id,
            Some(_) => return Err(Fault::Forbidden("A personal setting is changed by the person.")),
        };
        let _ = me;
        if name.starts_with("person.") != of.is_some() {
            return invalid("name", "organization settings begin with `org.`, personal ones with `person.`");
        }
        if name == "person.login_2fa" {
            return invalid("name", "the login code is switched under its own address, with a password and a code");
        }
        let before = self.checked_setting(name, value, of)?;
        let (name, after) = (name.to_string(), value.to_string());
        self.emit(Event::SettingChanged { name, before, after, person: of });
        Ok(())
    }

    /// What a setting is now, if it may become the value.
    pub(crate) fn checked_setting(&self, name: &str, value: &str, of: Option<PersonId>) -> Done<String> {
        let declared = self.org.declared_settings().map_err(|found| Fault::Conflict(found.join("; ")))?;
        let lint = Setting {
            name: "host.label_lint".to_string(),
            values: vec!["warn".to_string(), "block".to_string()],
            default: "warn".to_string(),
        };
        let setting = declared.into_iter().chain([lint]).find(|setting| setting.name == name);
        let Some(setting) = setting else {
            return invalid("name", format!("`{name}` is no setting, or the preset of this organization fixes it"));
        };
        if !setting.values.iter().any(|one| one == value) {
            return invalid("value", format!("one of {}", setting.values.join(", ")));
        }
        let now = self.org.settings_for(of).get(name).cloned();
        Ok(now.unwrap_or(setting.default))
    }

    /// Notes that somebody took a copy of what is written here.
    pub fn export(&mut self, what: &str) -> Done<()> {
        let by = self.must_read()?;
        self.emit(Event::ExportMade { what: what.to_string(), by });
        Ok(())
    }

    /// Makes or changes a reason that can be chosen.
    pub fn set_reason(&mut self, code: &str, reason: ReasonCode) -> Done<()> {
        self.must_administrate()?;
        named("code", code)?;
        named("label", &reason.label)?;
        self.emit(Event::ReasonCodeChanged { code: code.to_string(), reason });
        Ok(())
    }
}

fn zone(name: &str) -> Done<()> {
    match keyward_server::json::knows_zone(name) {
        true => Ok(()),
        false => invalid("tz", "a name of the IANA time zone database, such as Europe/Vienna"),
    }
}

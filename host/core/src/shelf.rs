//! Policies as texts and as modules. In: which policy, with what an organization has written of its own and the hours of a place. Out: a
//! compiled module, its findings, what a change would decide otherwise. Compiling is a function of the texts, so the texts are the
//! key of everything that is kept. Refuses a policy that asks for what the host does not know.

use crate::kinds::Preset;
use keyward::compare::Incomparable;
use keyward::emit::Options;
use keyward::pipeline::{Compiled, NotCompared, Project, compared};
use keyward::render::json;
use keyward::source::Sources;
use keyward::span::FileId;
use keyward_server::{Default, InputType, Origin, Policy};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// The texts that come with the host: the policy, and what the preset `strict` makes of it.
const WORDS: &str = include_str!("../../../policies/words/words.ward");
const SHIPPED: [(&str, &str); 5] = [
    (include_str!("../../../policies/access/access.ward"), include_str!("../../../policies/access/strict.ward")),
    (include_str!("../../../policies/pickup/pickup.ward"), include_str!("../../../policies/pickup/strict.ward")),
    (
        include_str!("../../../policies/after_hours/after_hours.ward"),
        include_str!("../../../policies/after_hours/strict.ward"),
    ),
    (
        include_str!("../../../policies/field_swap/field_swap.ward"),
        include_str!("../../../policies/field_swap/strict.ward"),
    ),
    (include_str!("../../../policies/login/login.ward"), include_str!("../../../policies/login/strict.ward")),
];

/// Bytes of a policy of one's own at most.
pub const LARGEST: usize = 48 * 1024;
/// Compiled policies that are kept at most.
const KEPT: usize = 1_000;

/// One of the five questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Ordinary permission.
    Access,
    /// The second factor.
    Pickup,
    /// While the place is closed.
    AfterHours,
    /// Handing a key on.
    FieldSwap,
    /// Signing in.
    Login,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 5] = [Kind::Access, Kind::Pickup, Kind::AfterHours, Kind::FieldSwap, Kind::Login];

    /// The word for it, which is the name of the policy behind `keyward.`.
    #[must_use]
    pub fn word(self) -> &'static str {
        ["access", "pickup", "after_hours", "field_swap", "login"][self as usize]
    }

    /// The one of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The one that has a decision.
    #[must_use]
    pub fn deciding(decision: &str) -> Option<Kind> {
        match decision {
            "permission" => Some(Kind::Access),
            "pickup" => Some(Kind::Pickup),
            "after_hours" => Some(Kind::AfterHours),
            "swap" => Some(Kind::FieldSwap),
            "login" | "two_factor_switch" | "new_password" => Some(Kind::Login),
            _ => None,
        }
    }

    /// The text that comes with the host, of a preset.
    #[must_use]
    pub fn shipped(self, preset: Preset) -> &'static str {
        let (base, strict) = SHIPPED[self as usize];
        if preset == Preset::Strict { strict } else { base }
    }

    /// The name of the policy that an organization refines.
    #[must_use]
    pub fn base(self, preset: Preset) -> String {
        match preset {
            Preset::Seed => format!("keyward.{}", self.word()),
            Preset::Strict => format!("keyward.{}_strict", self.word()),
        }
    }
}

/// A policy of an organization's own, with the name and the version that stand in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Own {
    /// Its text.
    pub text: Arc<str>,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: u64,
}

/// Which policy, down to the last letter.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Which {
    /// The question.
    pub kind: Kind,
    /// What the organization started with.
    pub preset: Preset,
    /// What it has written of its own.
    pub own: Option<Own>,
    /// The hours of a place; for [`Kind::AfterHours`] only.
    pub site: Option<Arc<str>>,
}

impl Which {
    /// A policy as it comes with the host.
    #[must_use]
    pub fn shipped(kind: Kind, preset: Preset) -> Which {
        Which { kind, preset, own: None, site: None }
    }

    /// The policy, with its version, that something refines that is put on top.
    #[must_use]
    pub fn top(&self) -> (String, u64) {
        match &self.own {
            Some(own) => (own.name.clone(), own.version),
            None => (self.kind.base(self.preset), 1),
        }
    }

    /// The files it is made of, the one that is meant last.
    fn files(&self) -> Vec<(String, &str)> {
        let ((base, strict), name) = (SHIPPED[self.kind as usize], self.kind.word());
        let mut files = vec![("words.ward".to_string(), WORDS), (format!("{name}.ward"), base)];
        if self.preset == Preset::Strict {
            files.push((format!("{name}_strict.ward"), strict));
        }
        if let Some(own) = &self.own {
            files.push((format!("own_{name}.ward"), &own.text));
        }
        if let Some(site) = &self.site {
            files.push(("site.ward".to_string(), site));
        }
        files
    }

    fn project(&self) -> Option<(Project, FileId)> {
        let mut sources = Sources::new();
        let main = self.files().into_iter().map(|(name, text)| sources.add(name, text)).last()?;
        Some((Project::read(sources, None), main))
    }
}

/// A module that was made.
#[derive(Clone)]
struct Made {
    policy: Policy,
    bytes: Arc<[u8]>,
}

type Tried = Result<Made, Vec<String>>;

/// What was made, for every desk of the process.
#[derive(Default)]
struct Shelf {
    made: HashMap<Which, Tried>,
    modules: HashMap<String, Arc<[u8]>>,
}

fn shelf() -> MutexGuard<'static, Shelf> {
    static SHELF: OnceLock<Mutex<Shelf>> = OnceLock::new();
    SHELF.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner)
}

/// A compiled policy, or what is wrong with it.
pub fn compiled(which: &Which) -> Result<Policy, Vec<String>> {
    if let Some(tried) = shelf().made.get(which) {
        return tried.clone().map(|made| made.policy);
    }
    // Nobody waits for a lock while somebody compiles.
    let tried = make(which);
    let mut shelf = shelf();
    // Own policies and hours are what administrators write: old ones are forgotten when there are many.
    if shelf.made.len() > KEPT {
        shelf.made.clear();
        shelf.modules.clear();
    }
    if let Ok(made) = &tried {
        shelf.modules.insert(made.policy.digest().to_string(), Arc::clone(&made.bytes));
    }
    shelf.made.insert(which.clone(), tried.clone());
    tried.map(|made| made.policy)
}

/// The bytes of a module that was made in this process, by its digest.
#[must_use]
pub fn module(digest: &str) -> Option<Arc<[u8]>> {
    shelf().modules.get(digest).map(Arc::clone)
}

fn make(which: &Which) -> Tried {
    let (project, main) = which.project().ok_or_else(|| vec!["there is no policy".to_string()])?;
    let emitted = project.compile(main).module(Options::default());
    let bytes = emitted.map_err(|found| found.iter().map(|one| one.message.clone()).collect::<Vec<_>>())?.bytes;
    let policy = Policy::load(&bytes).map_err(|error| vec![error.to_string()])?;
    Ok(Made { policy, bytes: bytes.into() })
}

/// What was found in a policy of one's own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Examined {
    /// The name in it; empty where it cannot be read.
    pub name: String,
    /// The version in it.
    pub version: u64,
    /// What the compiler found, as `keyward check --format json` tells it.
    pub findings: Vec<serde_json::Value>,
    /// What stands in the way of publishing it; empty if nothing does.
    pub errors: Vec<String>,
    /// What somebody has to answer for when it is published all the same.
    pub warnings: Vec<String>,
}

/// Checks and proves a policy of one's own on top of the one that comes with the host.
#[must_use]
pub fn examine(kind: Kind, preset: Preset, text: &str) -> Examined {
    let own = Own { text: text.into(), name: String::new(), version: 0 };
    let which = Which { own: Some(own), ..Which::shipped(kind, preset) };
    let mut examined = Examined::default();
    if text.len() > LARGEST {
        examined.errors.push(format!("a policy has at most {} KiB", LARGEST / 1024));
        return examined;
    }
    let Some((project, main)) = which.project() else { return examined };
    let base = kind.base(preset);
    let header = project.tree(main).and_then(|tree| tree.header.as_ref());
    if let Some(header) = header {
        (examined.name, examined.version) = (header.name.text.clone(), header.version.value);
        let refined = header.refines.as_ref().map(|import| (import.name.text.as_str(), import.version.value));
        if refined != Some((base.as_str(), 1)) {
            examined.errors.push(format!("it must say `refines {base} version 1` below its name"));
        }
        if examined.name.starts_with("keyward.") {
            examined.errors.push("names that begin with `keyward.` are those of the host".to_string());
        }
    }
    let compiled = project.compile(main);
    let found = json::diagnostics(&project.sources, &compiled.diagnostics);
    examined.findings = serde_json::from_str(&found).unwrap_or_default();
    let (errors, others): (Vec<_>, Vec<_>) = compiled.diagnostics.iter().partition(|one| one.is_error());
    examined.errors.extend(errors.iter().map(|one| one.message.clone()));
    let warned = others.iter().filter(|one| json::severity(one.severity) == "warning");
    examined.warnings.extend(warned.map(|one| one.message.clone()));
    if errors.is_empty() {
        examined.errors.extend(unknown_facts(&compiled, kind, preset));
    }
    examined
}

/// Facts that a policy asks for and the host does not have.
fn unknown_facts(own: &Compiled, kind: Kind, preset: Preset) -> Vec<String> {
    let (Some(own), Ok(shipped)) = (&own.policy, compiled(&Which::shipped(kind, preset))) else {
        return vec!["it has no decision".to_string()];
    };
    let mut wrong = Vec::new();
    for input in own.schema.inputs.iter().filter(|input| shipped.schema().input(&input.name).is_none()) {
        let name = &input.name;
        if !matches!(input.origin, keyward::schema::Origin::Setting) {
            wrong.push(format!("the host does not know `{name}`; a policy of one's own may ask for what `{}` asks for, and add settings", kind.base(preset)));
        } else if !name.starts_with("org.") {
            wrong.push(format!("the setting `{name}` is one of the organization, so its name begins with `org.`"));
        }
    }
    wrong
}

/// What a policy of one's own would decide otherwise than what is in force, as `keyward diff --format json` tells it.
pub fn difference(before: &Which, after: &Which) -> Result<serde_json::Value, String> {
    let read = |which: &Which| which.project().map(|(project, main)| project.compile(main));
    let (Some(old), Some(new)) = (read(before), read(after)) else { return Err("there is no policy".to_string()) };
    let comparison = compared(&old, &new).map_err(|why| match why {
        NotCompared::Unsound(_) => "it has errors, so it cannot be compared".to_string(),
        NotCompared::Incomparable(Incomparable::Entangled(inputs)) => {
            format!("the two entangle {} too much to compare", inputs.join(", "))
        }
        NotCompared::Incomparable(Incomparable::NothingInCommon(..)) => "they have no decision in common".to_string(),
        NotCompared::Entangled(sentence) => sentence,
    })?;
    let fields = keyward::report::compare::json(&comparison);
    serde_json::from_str(&json::object(&fields)).map_err(|error| error.to_string())
}

/// Which of these promises a policy does not keep with settings as they are: name, and a request in words.
pub fn broken(
    which: &Which,
    settings: &BTreeMap<String, String>,
    promises: &[(&str, String)],
) -> Result<Vec<(String, Option<String>)>, String> {
    let (name, version) = which.top();
    let mut text =
        format!("edition 2026\npolicy asked.promises version 1 \"Promises\"\n  refines {name} version {version}\n\n");
    for setting in self::settings(std::slice::from_ref(which)).map_err(|found| found.join("; "))? {
        let value = settings.get(&setting.name).unwrap_or(&setting.default);
        text.push_str(&format!("fix {} at {value}\n", setting.name));
    }
    for (name, promise) in promises {
        text.push_str(&format!("\nassert promised_{name} \"{name}\"\n  {promise}\n"));
    }
    // The text of somebody else stands below, so it is on top of what they wrote.
    let mut sources = Sources::new();
    for (name, text) in which.files() {
        sources.add(name, text);
    }
    let main = sources.add("promises.ward", text);
    let compiled = Project::read(sources, None).compile(main);
    if let Some(error) = compiled.diagnostics.iter().find(|one| one.is_error() && !one.code.is_promise()) {
        return Err(error.message.clone());
    }
    let report = compiled.report.ok_or("it has no decision")?;
    let mut broken = Vec::new();
    for (name, _) in promises {
        let own = format!("promised_{name}");
        let known = report.asserts.iter().find(|assert| assert.name == own).ok_or("a promise was not looked at")?;
        if !known.holds {
            let told = report.diagnostics.iter().find(|one| one.message.contains(&own));
            let example = told.and_then(|one| one.example.as_ref()).map(|example| example.words.clone());
            broken.push(((*name).to_string(), example));
        }
    }
    Ok(broken)
}

/// Defaults of a preset that are no pins, so they stand here and not in its policies (X07).
pub(crate) const PRESET_DEFAULTS: [(Preset, &str, &str); 1] = [(Preset::Strict, "person.my_pickup_2fa", "yes")];

/// A setting that an administrator or a person can change, as the policies declare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it can be.
    pub values: Vec<String>,
    /// What it is when nobody changed it.
    pub default: String,
}

/// Every setting that these policies leave open. Those that are fixed are not among them.
pub fn settings(policies: &[Which]) -> Result<Vec<Setting>, Vec<String>> {
    let mut found: BTreeMap<String, Setting> = BTreeMap::new();
    for which in policies {
        let policy = compiled(which)?;
        for input in policy.schema().inputs.iter().filter(|input| input.origin == Origin::Setting) {
            let values: Vec<String> = match &input.ty {
                InputType::YesNo => vec!["no".to_string(), "yes".to_string()],
                InputType::OneOf(names) => names.clone(),
                _ => continue,
            };
            let default = match &input.default {
                Some(Default::Number(value, _)) => values.get(*value as usize).cloned().unwrap_or_default(),
                _ => String::new(),
            };
            found.insert(input.name.clone(), Setting { name: input.name.clone(), values, default });
        }
    }
    Ok(found.into_values().collect())
}

/// Compiles what comes with the host, so that nobody has to wait for it later.
pub fn warm() {
    for preset in Preset::ALL {
        for kind in Kind::ALL {
            let _ = compiled(&Which::shipped(kind, *preset));
        }
    }
}

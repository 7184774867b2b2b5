//! `keyward keygen`, `sign`, `verify`: policies on their way to those who obey them.
//! In: keys, modules, bundles. Out: keys, bundles, what a bundle holds. Refuses to sign what a server would not load, to
//! overwrite a key, and to show a secret.

use crate::args::{Keygen, Sign, Verify};
use crate::exit::{Exit, Failure};
use crate::files::read_bytes;
use crate::report;
use crate::terminal::Terminal;
use crate::write;
use jiff::{Timestamp, ToSpan};
use keyward::render::json::{array, object, string};
use keyward::render::{Paint, visible};
use keyward_server::bundle::{
    BundleError, Contents, Current, LARGEST, Manifest, Role, SigningKey, Trust, Verified, add_signature, key_id, sign,
    verify,
};
use keyward_server::{PUBLIC_KEY, Policy, TrustFile, hex, public_key, read_trust, zone_table};
use std::path::Path;
use std::time::SystemTime;

/// How long a bundle is valid unless it is said.
const DAYS: i64 = 90;
/// What a file with a secret key starts with, so that none is taken for the other.
const SECRET: &str = "keyward-secret-";
/// Where the zone of the site stands in a bundle.
const ZONE: &str = "site.kwz";

/// Makes a pair of keys.
pub fn keygen(args: &Keygen, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Failure::Internal(format!("no random numbers: {error}")))?;
    let key = SigningKey::from_bytes(&seed);
    let (secret, public) = (format!("{}.key", args.name), format!("{}.pub", args.name));
    if Path::new(&public).exists() {
        return Err(Failure::Usage(format!("{public} is there already")));
    }
    write::secret(Path::new(&secret), format!("{SECRET}{}\n", digits(&seed)).as_bytes())?;
    let known = digits(key.verifying_key().as_bytes());
    write::create(Path::new(&public), format!("{PUBLIC_KEY}{known}\n").as_bytes())?;
    let id = digits(&key_id(&key.verifying_key()));
    if json {
        let fields = vec![("secret", string(&secret)), ("public", string(&public)), ("key", string(&id))];
        terminal.result(&report::document("keygen", fields));
    } else {
        terminal.result(&format!("{secret}: the secret key {id}; keep it to yourself"));
        terminal.result(&format!("{public}: the public key, for those who verify"));
    }
    Ok(Exit::Fine)
}

/// Makes a bundle, or signs one as well.
pub fn sign_bundle(args: &Sign, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let text = read_bytes(&args.key, 1_000)?;
    let seed = std::str::from_utf8(&text).ok().and_then(|text| hex(text.trim().strip_prefix(SECRET)?));
    let name = args.key.display();
    let seed = seed.ok_or_else(|| Failure::Usage(format!("{name} is no secret key; keyward keygen makes one")))?;
    let key = SigningKey::from_bytes(&seed);
    let bundle = match (args.add, args.files.is_empty()) {
        (true, true) => add_signature(&read_bytes(&args.bundle, LARGEST)?, &key).map_err(|why| refused(args, &why))?,
        (true, false) => return Err(Failure::Usage("--add signs a bundle as it is: name no files".to_string())),
        (false, true) => return Err(Failure::Usage("name the modules that go into the bundle".to_string())),
        (false, false) => sign(&contents(args)?, &key).map_err(|why| refused(args, &why))?,
    };
    write::replace(&args.bundle, &bundle)?;
    let manifest = manifest(&bundle).ok_or_else(|| Failure::Internal("the bundle cannot be read again".to_string()))?;
    if json {
        terminal.result(&report::document("sign", facts(&args.bundle, &bundle, &manifest)));
    } else {
        let signed = if args.add { "signed as well" } else { "signed" };
        terminal.result(&format!("{}: {signed}, {}", args.bundle.display(), sentence(&manifest)));
    }
    Ok(Exit::Fine)
}

fn refused(args: &Sign, why: &BundleError) -> Failure {
    Failure::Usage(format!("{}: {why}", args.bundle.display()))
}

fn contents(args: &Sign) -> Result<Contents, Failure> {
    let mut files = Vec::new();
    for path in &args.files {
        let text = path.to_string_lossy();
        let (name, path) = match text.split_once('=') {
            Some((name, path)) => (name.to_string(), Path::new(path).to_path_buf()),
            None => (path.file_name().map(|name| name.to_string_lossy().to_string()).unwrap_or_default(), path.clone()),
        };
        let bytes = read_bytes(&path, LARGEST)?;
        if name.ends_with(".wasm") {
            Policy::load(&bytes).map_err(|error| Failure::Findings(format!("{}: {error}", path.display())))?;
        }
        files.push((name, bytes));
    }
    if let Some(zone) = &args.zone {
        let table = zone_table(zone, SystemTime::now());
        let table = table.ok_or_else(|| {
            Failure::Usage(format!("the zone {zone} is not known; zones are named like Europe/Paris"))
        })?;
        files.push((ZONE.to_string(), table));
    }
    let (mut version, mut previous) = (1, [0; 32]);
    if let Some(path) = &args.previous {
        let bytes = read_bytes(path, LARGEST)?;
        let before = manifest(&bytes).ok_or_else(|| Failure::Usage(format!("{} is not a bundle", path.display())))?;
        version = before.version.saturating_add(1);
        previous = keyward_server::bundle::hash(&before.bytes());
    }
    let not_before = args.from.as_deref().map(instant).transpose()?.unwrap_or_else(now);
    let until = args.until.as_deref().map(instant).transpose()?;
    let latest = |from: i64| from + DAYS * 86_400;
    Ok(Contents {
        organization: args.organization.clone().unwrap_or_default(),
        version: args.number.unwrap_or(version),
        abi: 1,
        not_before,
        expires: until.unwrap_or_else(|| latest(not_before)),
        previous,
        files,
    })
}

/// Verifies a bundle as a server or a box would.
pub fn verify_bundle(args: &Verify, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let bundle = read_bytes(&args.bundle, LARGEST)?;
    let now = args.now.as_deref().map(instant).transpose()?.unwrap_or_else(now);
    let trusted = trusted(args, &bundle)?;
    let current = args.current.as_ref().map(|path| {
        let manifest = manifest(&read_bytes(path, LARGEST)?);
        let manifest = manifest.ok_or_else(|| Failure::Usage(format!("{} is not a bundle", path.display())))?;
        Ok(Current { version: manifest.version, hash: keyward_server::bundle::hash(&manifest.bytes()) })
    });
    let current = current.transpose()?;
    let found = verify(&bundle, &trusted.trust, now, current.as_ref()).map_err(|why| match why {
        BundleError::Threshold(role) => {
            let name = trusted.roles.get(role).map_or("?", String::as_str);
            format!("too few trusted keys signed it for the role {name}")
        }
        other => other.to_string(),
    });
    let found = found.and_then(|verified| modules(&verified).map(|()| verified));
    match &found {
        Ok(verified) if json => {
            let mut fields = facts(&args.bundle, &bundle, &verified.manifest);
            fields.push(("verified", "true".to_string()));
            terminal.result(&report::document("verify", fields));
        }
        Ok(verified) => {
            let look = terminal.look();
            let good = look.paint(Paint::Good, "verified");
            terminal.result(&format!("{}: {good}, {}", args.bundle.display(), sentence(&verified.manifest)));
            for file in &verified.manifest.files {
                terminal.result(&visible(&format!(
                    "  {}  {} bytes  {}",
                    digits(&file.hash[..6]),
                    file.length,
                    file.path
                )));
            }
        }
        Err(why) if json => {
            let fields = vec![
                ("bundle", string(&args.bundle.display().to_string())),
                ("verified", "false".to_string()),
                ("reason", string(why)),
            ];
            terminal.result(&report::document("verify", fields));
        }
        Err(why) => terminal.talk(&format!("{}: refused: {why}", args.bundle.display())),
    }
    Ok(if found.is_ok() { Exit::Fine } else { Exit::Findings })
}

/// Whether a server would load every module.
fn modules(verified: &Verified<'_>) -> Result<(), String> {
    for (path, bytes) in verified.files().filter(|(path, _)| path.ends_with(".wasm")) {
        Policy::load(bytes).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}

/// From a file, or one key that is trusted with everything.
fn trusted(args: &Verify, bundle: &[u8]) -> Result<TrustFile, Failure> {
    match (&args.trust, &args.key) {
        (Some(path), None) => {
            let text = read_bytes(path, 1 << 20)?;
            read_trust(&text)
                .map_err(|mistake| Failure::Usage(format!("{}: {}", path.display(), report::mistake_text(&mistake))))
        }
        (None, Some(path)) => {
            let text = String::from_utf8(read_bytes(path, 1_000)?).unwrap_or_default();
            let name = path.display();
            let key = public_key(&text)
                .ok_or_else(|| Failure::Usage(format!("{name} is no public key; they end in .pub")))?;
            // Whose bundle it is is shown; a single key cannot say whose it must be.
            let organization = manifest(bundle).map_or_else(String::new, |manifest| manifest.organization);
            let trust = Trust { organization, roles: vec![Role { keys: vec![key], threshold: 1 }], abi: 1 };
            Ok(TrustFile { trust, roles: vec!["signer".to_string()] })
        }
        _ => Err(Failure::Usage("say whom you trust: --trust FILE with roles, or --key FILE.pub".to_string())),
    }
}

/// The manifest of a bundle, believed or not.
fn manifest(bundle: &[u8]) -> Option<Manifest> {
    let length = u32::from_le_bytes(bundle.get(4..8)?.try_into().ok()?) as usize;
    Manifest::read(bundle.get(8..8 + length)?).ok()
}

fn sentence(manifest: &Manifest) -> String {
    let day = |seconds: i64| {
        Timestamp::from_second(seconds)
            .map_or_else(|_| "?".to_string(), |at| at.strftime("%Y-%m-%d %H:%MZ").to_string())
    };
    visible(&format!(
        "version {} for {}, {}, valid from {} until {}",
        manifest.version,
        manifest.organization,
        report::counted(manifest.files.len(), "file"),
        day(manifest.not_before),
        day(manifest.expires)
    ))
}

fn facts(path: &Path, bundle: &[u8], manifest: &Manifest) -> Vec<(&'static str, String)> {
    let files = manifest.files.iter().map(|file| {
        object(&[
            ("path", string(&file.path)),
            ("bytes", file.length.to_string()),
            ("sha256", string(&digits(&file.hash))),
        ])
    });
    vec![
        ("bundle", string(&path.display().to_string())),
        ("bytes", bundle.len().to_string()),
        ("hash", string(&digits(&keyward_server::bundle::hash(&manifest.bytes())))),
        ("organization", string(&manifest.organization)),
        ("version", manifest.version.to_string()),
        ("not_before", manifest.not_before.to_string()),
        ("expires", manifest.expires.to_string()),
        ("previous", string(&digits(&manifest.previous))),
        ("files", array(files)),
    ]
}

fn now() -> i64 {
    Timestamp::now().as_second()
}

/// Seconds since 1970 of `2026-12-01`, `2026-12-01T08:00Z`, or `in 30 days`.
fn instant(text: &str) -> Result<i64, Failure> {
    let days = text.strip_prefix("in ").and_then(|rest| rest.strip_suffix(" days").or(rest.strip_suffix(" day")));
    if let Some(days) = days.and_then(|days| days.parse::<i32>().ok()) {
        let later = Timestamp::now().checked_add((i64::from(days) * 24).hours());
        return later.map(|at| at.as_second()).map_err(|error| Failure::Usage(error.to_string()));
    }
    let day = if text.len() == 10 { format!("{text}T00:00Z") } else { text.to_string() };
    day.parse::<Timestamp>().map(|at| at.as_second()).map_err(|_| {
        Failure::Usage(format!("`{text}` is no time: write 2026-12-01, 2026-12-01T08:00Z, or \"in 30 days\""))
    })
}

fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

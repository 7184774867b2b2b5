//! `keyward lock`: which text each policy's name and version stand for.
//! In: a folder. Out: its `keyward.lock`. Refuses to lock two texts under one name and version.

use crate::args::Lock;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::lines::diff;
use crate::report::{self, counted};
use crate::search::{self, LOCK};
use crate::terminal::Terminal;
use crate::write;
use keyward::check;
use keyward::render::json::string;

/// Writes or compares the lock.
pub fn run(args: &Lock, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let full = folder
        .canonicalize()
        .ok()
        .filter(|full| full.is_dir())
        .ok_or_else(|| Failure::Usage(format!("{} is not a folder", folder.display())))?;
    let folder = search::locked_folder(&full).unwrap_or_else(|| folder.clone());
    let path = folder.join(LOCK);
    let mut identities = Vec::new();
    for place in files::load(std::slice::from_ref(&folder))? {
        identities.extend(place.project.identities());
    }
    identities.sort();
    for pair in identities.windows(2) {
        if let [(name, version, digest), (other, same, another)] = pair
            && name == other
            && version == same
            && digest != another
        {
            let what = format!("two different files are called {name} version {version}; give one a higher version");
            return Err(Failure::Findings(what));
        }
    }
    let count = identities.len();
    let text = check::Lock::write(identities);
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let current = before == text;
    if !args.check && !current {
        write::replace(&path, text.as_bytes())?;
    }
    if json {
        let fields = vec![("lock", string(&path.display().to_string())), ("policies", count.to_string())];
        let changed = ("changed", (!current).to_string());
        terminal.result(&report::document("lock", fields.into_iter().chain([changed]).collect()));
    } else {
        let state = match (current, args.check) {
            (true, _) => "is up to date",
            (false, true) => "is not up to date",
            (false, false) => "is written",
        };
        terminal.raw_result(&diff(&before, &text, terminal.look()));
        terminal.result(&format!("{} {state}: {}", path.display(), counted(count, "file")));
    }
    Ok(if args.check && !current { Exit::Findings } else { Exit::Fine })
}

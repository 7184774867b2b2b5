//! Policies as they stood in a revision of git.
//! In: a revision and a path. Out: a place like one on disk. Refuses to change anything: it only lists and shows.

use crate::exit::Failure;
use crate::files::{self, Found, Place};
use crate::search::{self, LOCK};
use keyward::span::FileId;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Reads the policy at `path` and all it may refer to from a revision.
pub fn load(revision: &str, path: &Path) -> Result<(Place, FileId), Failure> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !search::is_ward(path) {
        return Err(Failure::Usage(format!("{} is not a policy: policy files end in .ward", path.display())));
    }
    let folder = existing(folder);
    let git = Git { folder: &folder };
    let root = git.text(&["rev-parse", "--show-toplevel"]).map_err(|_| {
        Failure::Usage(format!("{} is not in a git repository, so it has no revisions", path.display()))
    })?;
    let root = PathBuf::from(root.trim_end_matches(['\n', '\r']));
    if revision.starts_with('-')
        || git.text(&["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).is_err()
    {
        return Err(Failure::Usage(format!("git knows no revision {revision}")));
    }
    let main = inside(&root, path)?;
    let git = Git { folder: &root };
    let listed = git.text(&["ls-tree", "-r", "-z", "--name-only", revision]).map_err(Failure::Usage)?;
    let all: Vec<&str> = listed.split('\0').filter(|name| !name.is_empty()).collect();
    if !all.contains(&main.as_str()) {
        return Err(Failure::Usage(format!("{main} does not exist in revision {revision}")));
    }
    let show = |name: &str| {
        let object = format!("{revision}:{name}");
        let bytes = git.run(&["show", &object]).map_err(Failure::Usage)?.stdout;
        Ok(Found { name: object, key: PathBuf::from(name), bytes })
    };
    let place = around(&all, &main);
    let lock = place.lock.as_deref().map(show).transpose()?;
    let mut found = Vec::new();
    for name in place.files {
        found.push(show(name)?);
    }
    files::from_memory(found, Path::new(&main), lock)
}

/// The policy files of a place in a revision, and its lock.
struct Around<'a> {
    files: Vec<&'a str>,
    lock: Option<String>,
}

/// Like on disk: everything below the folder of the nearest lock; without one, the folder of the file and the one above.
fn around<'a>(all: &[&'a str], main: &str) -> Around<'a> {
    let folder = Path::new(main).parent().unwrap_or(Path::new(""));
    let lock =
        folder.ancestors().map(|above| above.join(LOCK)).find(|lock| all.iter().any(|name| Path::new(name) == lock));
    let within = match lock.as_deref().and_then(Path::parent) {
        Some(locked) => locked,
        None => folder.parent().unwrap_or(folder),
    };
    let is_meant = |name: &&&str| search::is_ward(Path::new(name)) && Path::new(name).starts_with(within);
    let files = all.iter().filter(is_meant).copied().collect();
    Around { files, lock: lock.map(|lock| lock.to_string_lossy().into_owned()) }
}

/// The path from the root of the repository, with slashes.
fn inside(root: &Path, path: &Path) -> Result<String, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::Usage(format!("no current folder: {error}")))?;
    let mut parts: Vec<std::ffi::OsString> = Vec::new();
    let full = existing(&here).join(path);
    for part in full.components() {
        match part {
            std::path::Component::ParentDir => drop(parts.pop()),
            std::path::Component::CurDir => {}
            other => parts.push(other.as_os_str().to_os_string()),
        }
    }
    let full: PathBuf = parts.iter().collect();
    // A link on the way to the file is followed as far as its folders still exist.
    let full = match (full.parent().and_then(|folder| folder.canonicalize().ok()), full.file_name()) {
        (Some(folder), Some(name)) => folder.join(name),
        _ => full,
    };
    let root = existing(root);
    let within = full
        .strip_prefix(&root)
        .map_err(|_| Failure::Usage(format!("{} is not in the repository {}", path.display(), root.display())))?;
    let names: Vec<String> = within.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    Ok(names.join("/"))
}

/// The folder itself, or the nearest one above that still exists.
fn existing(folder: &Path) -> PathBuf {
    folder.ancestors().find_map(|above| above.canonicalize().ok()).unwrap_or_else(|| PathBuf::from("."))
}

struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    fn text(&self, args: &[&str]) -> Result<String, String> {
        let output = self.run(args)?;
        String::from_utf8(output.stdout).map_err(|_| "git names files that are not UTF-8 text".to_string())
    }

    fn run(&self, args: &[&str]) -> Result<Output, String> {
        let output = Command::new("git").arg("-C").arg(self.folder).args(args).output();
        let output = output.map_err(|error| format!("git cannot be run: {error}"))?;
        if output.status.success() {
            return Ok(output);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(format!("git: {}", said.lines().next().unwrap_or("no reason given")))
    }
}

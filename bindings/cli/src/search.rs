//! Which policy files there are below a folder.
//! In: folders. Out: paths of `.ward` files, sorted. Refuses links, hidden folders and trees without end.

use crate::exit::Failure;
use std::path::{Path, PathBuf};

/// The name of the lock file.
pub const LOCK: &str = "keyward.lock";
/// Most policy files of one place.
const MOST_FILES: usize = 4096;
/// Most entries looked at in one place.
const MOST_ENTRIES: usize = 100_000;
/// Most folders inside each other.
const DEEPEST: usize = 16;

/// The nearest folder at or above `folder` that has a lock.
pub fn locked_folder(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().find(|above| above.join(LOCK).is_file()).map(Path::to_path_buf)
}

/// Whether this is a policy file by its name.
pub fn is_ward(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "ward")
}

/// The policy files right in a folder.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = entries(folder).into_iter().filter(|path| is_ward(path) && path.is_file()).collect();
    found.truncate(MOST_FILES);
    found
}

/// The policy files in a folder and all folders below, except hidden ones and those of build tools.
pub fn in_tree(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut seen = 0;
    let mut open = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for path in entries(&folder) {
            seen += 1;
            let link = path.symlink_metadata().is_ok_and(|facts| facts.is_symlink());
            if path.is_dir() && !link && depth < DEEPEST && !is_skipped(&path) {
                open.push((path, depth + 1));
            } else if is_ward(&path) && path.is_file() {
                found.push(path);
            }
        }
        if found.len() > MOST_FILES || seen > MOST_ENTRIES {
            let what =
                "holds more files than keyward looks through; name files, or put a keyward.lock into a smaller folder";
            return Err(Failure::Usage(format!("{} {what}", folder.display())));
        }
    }
    found.sort();
    Ok(found)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(read) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = read.filter_map(|entry| Some(entry.ok()?.path())).collect();
    found.sort();
    found
}

fn is_skipped(folder: &Path) -> bool {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.starts_with('.') || name == "target" || name == "node_modules"
}

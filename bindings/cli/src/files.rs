//! From FILE arguments to projects: the files that are meant, and those they may refer to.
//! In: paths, perhaps `-`. Out: projects ready to compile. Refuses to guess where a policy might be: it looks below the folder
//! of the nearest `keyward.lock`, else beside the file, else below the folder above.

use crate::exit::Failure;
use crate::search::{self, LOCK};
use keyward::ast::{File, ItemKind};
use keyward::codes;
use keyward::diagnostic::Diagnostic;
use keyward::parse::{LARGEST, parse};
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward::span::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The name standard input has in messages.
pub const STDIN: &str = "<stdin>";
/// Most bytes of all policy files of one place.
const MOST_BYTES: usize = 64 << 20;

/// One place: its files, and which of them are meant.
pub struct Place {
    /// All files.
    pub project: Project,
    /// Those that are meant, in order.
    pub mains: Vec<FileId>,
    /// Files that are not text.
    pub broken: Vec<Diagnostic>,
}

/// What one argument means.
enum Meant {
    Stdin,
    File(PathBuf),
    Tree(PathBuf),
}

/// Reads everything the arguments mean and refer to, one project for each place.
pub fn load(paths: &[PathBuf]) -> Result<Vec<Place>, Failure> {
    let mut groups: BTreeMap<PathBuf, Vec<Meant>> = BTreeMap::new();
    for path in paths {
        let (folder, meant) = meant(path)?;
        groups.entry(search::locked_folder(&folder).unwrap_or(folder)).or_default().push(meant);
    }
    groups.into_iter().map(|(folder, meant)| place(&folder, &meant)).collect()
}

/// Reads one file that is meant; the place has exactly one main file.
pub fn load_one(path: &Path) -> Result<(Place, FileId), Failure> {
    if path.is_dir() {
        return Err(Failure::Usage(format!("{} is a folder; name one policy file", path.display())));
    }
    let mut places = load(&[path.to_path_buf()])?;
    match places.pop().and_then(|place| Some((place.mains.first().copied()?, place))) {
        Some((main, place)) => Ok((place, main)),
        None => Err(Failure::Usage(format!("there is no policy in {}", path.display()))),
    }
}

/// A file that was read somewhere else than from disk.
pub struct Found {
    /// What it is called in messages.
    pub name: String,
    /// What tells it from others, and orders them.
    pub key: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A place from files that were read before; `main` is the key of the one that is meant.
pub fn from_memory(found: Vec<Found>, main: &Path, lock: Option<Found>) -> Result<(Place, FileId), Failure> {
    let mut reading = Reading::default();
    for file in found {
        reading.bytes += file.bytes.len();
        if reading.bytes > MOST_BYTES {
            return Err(Failure::Usage("the policy files together are larger than keyward reads".to_string()));
        }
        reading.files.insert(file.key, (file.name, file.bytes));
    }
    let lock = lock.map(|lock| (lock.name, lock.bytes));
    let place = assemble(reading, &BTreeSet::from([main.to_path_buf()]), None, lock);
    match place.mains.first().copied() {
        Some(main) => Ok((place, main)),
        None => Err(Failure::Usage(format!("there is no policy in {}", main.display()))),
    }
}

/// The bytes of a file or, for `-`, of standard input; at most so many and one more.
pub fn read_bytes(path: &Path, most: usize) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let most = most as u64 + 1;
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
    Ok(bytes)
}

fn meant(path: &Path) -> Result<(PathBuf, Meant), Failure> {
    let here = || std::env::current_dir().map_err(|error| Failure::Usage(format!("no current folder: {error}")));
    if path == Path::new("-") {
        return Ok((here()?, Meant::Stdin));
    }
    let full =
        path.canonicalize().map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
    if full.is_dir() {
        return Ok((full, Meant::Tree(path.to_path_buf())));
    }
    if !search::is_ward(&full) {
        return Err(Failure::Usage(format!("{} is not a policy: policy files end in .ward", path.display())));
    }
    Ok((full.parent().unwrap_or(Path::new("/")).to_path_buf(), Meant::File(path.to_path_buf())))
}

/// Files under construction: by full path, so that none is read twice.
#[derive(Default)]
struct Reading {
    files: BTreeMap<PathBuf, (String, Vec<u8>)>,
    bytes: usize,
}

impl Reading {
    /// Reads a file under the name the user knows it by.
    fn add(&mut self, path: &Path) -> Result<PathBuf, Failure> {
        let full =
            path.canonicalize().map_err(|error| Failure::Usage(format!("cannot read {}: {error}", path.display())))?;
        if !self.files.contains_key(&full) {
            let bytes = read_bytes(path, LARGEST)?;
            self.bytes += bytes.len();
            if self.bytes > MOST_BYTES {
                return Err(Failure::Usage("the policy files together are larger than keyward reads".to_string()));
            }
            self.files.insert(full.clone(), (shown(path), bytes));
        }
        Ok(full)
    }
}

fn place(folder: &Path, meant: &[Meant]) -> Result<Place, Failure> {
    let mut reading = Reading::default();
    let mut mains = BTreeSet::new();
    let mut stdin = None;
    for meant in meant {
        match meant {
            Meant::Stdin if stdin.is_none() => stdin = Some(read_bytes(Path::new("-"), LARGEST)?),
            Meant::Stdin => return Err(Failure::Usage("- can stand only once".to_string())),
            Meant::File(path) => {
                mains.insert(reading.add(path)?);
            }
            Meant::Tree(path) => {
                for file in search::in_tree(path)? {
                    mains.insert(reading.add(&file)?);
                }
            }
        }
    }
    if mains.is_empty() && stdin.is_none() {
        return Err(Failure::Usage(format!("there is no .ward file in {}", folder.display())));
    }
    let lock = Some(folder.join(LOCK)).filter(|lock| lock.is_file());
    let around = if lock.is_some() { search::in_tree(folder)? } else { search::in_folder(folder) };
    around.iter().try_for_each(|file| reading.add(file).map(|_| ()))?;
    let above = folder.parent().filter(|above| above.parent().is_some());
    if let (None, Some(above)) = (&lock, above)
        && refers_elsewhere(&reading, stdin.as_deref())
    {
        // A policy beside this folder may be meant; a tree too large to look through is left alone.
        for file in search::in_tree(above).unwrap_or_default() {
            reading.add(&file)?;
        }
    }
    if let Some(text) = &stdin {
        leave_out_same(&mut reading, &mut mains, text);
    }
    let lock = match &lock {
        Some(path) => Some((shown(path), read_bytes(path, LARGEST)?)),
        None => None,
    };
    Ok(assemble(reading, &mains, stdin, lock))
}

fn assemble(
    reading: Reading,
    mains: &BTreeSet<PathBuf>,
    stdin: Option<Vec<u8>>,
    lock: Option<(String, Vec<u8>)>,
) -> Place {
    let mut sources = Sources::new();
    let mut broken = Vec::new();
    let mut ids = Vec::new();
    for (full, (name, bytes)) in reading.files {
        let file = add_text(&mut sources, name, &bytes, &mut broken);
        if mains.contains(&full) {
            ids.push(file);
        }
    }
    if let Some(bytes) = stdin {
        ids.push(add_text(&mut sources, STDIN.to_string(), &bytes, &mut broken));
    }
    let lock = lock.map(|(name, bytes)| add_text(&mut sources, name, &bytes, &mut broken));
    let mut place = Place { project: Project::read(sources, lock), mains: ids, broken };
    // A file around that is not text concerns nobody who did not ask for it.
    place.broken.retain(|one| place.mains.contains(&one.primary.span.file) || lock == Some(one.primary.span.file));
    place
}

fn add_text(sources: &mut Sources, name: String, bytes: &[u8], broken: &mut Vec<Diagnostic>) -> FileId {
    match std::str::from_utf8(bytes) {
        Ok(text) => sources.add(name, text),
        Err(error) if error.error_len().is_none() && bytes.len() > LARGEST => {
            // Cut in the middle of a character; the file is refused for its size.
            sources.add(name, String::from_utf8_lossy(bytes))
        }
        Err(error) => {
            let at = error.valid_up_to();
            let file = sources.add(name, String::from_utf8_lossy(bytes));
            let message = format!("byte {at} of the file is not UTF-8 text");
            broken.push(Diagnostic::new(codes::KW106, Span::new(file, at, at + 3), message));
            file
        }
    }
}

/// Whether one of these files refers to a policy that is none of them.
fn refers_elsewhere(reading: &Reading, stdin: Option<&[u8]>) -> bool {
    let texts = reading.files.values().map(|(_, bytes)| bytes.as_slice()).chain(stdin);
    let trees: Vec<File> = texts.map(|bytes| parse(FileId(0), &String::from_utf8_lossy(bytes)).0).collect();
    let here: BTreeSet<(&str, u64)> = trees.iter().filter_map(identity).collect();
    trees.iter().flat_map(imports).any(|wanted| !here.contains(&wanted))
}

/// A file that standard input is the edited text of gives way to it.
fn leave_out_same(reading: &mut Reading, mains: &mut BTreeSet<PathBuf>, text: &[u8]) {
    let tree = parse(FileId(0), &String::from_utf8_lossy(text)).0;
    let Some(own) = identity(&tree) else { return };
    reading.files.retain(|full, (_, bytes)| {
        let other = parse(FileId(0), &String::from_utf8_lossy(bytes)).0;
        let same = identity(&other) == Some(own);
        if same {
            mains.remove(full);
        }
        !same
    });
}

fn identity(tree: &File) -> Option<(&str, u64)> {
    tree.header.as_ref().map(|header| (header.name.text.as_str(), header.version.value))
}

fn imports(tree: &File) -> impl Iterator<Item = (&str, u64)> {
    let refines = tree.header.iter().filter_map(|header| header.refines.as_ref());
    let uses = tree.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Use(import) => Some(import),
        _ => None,
    });
    refines.chain(uses).map(|import| (import.name.text.as_str(), import.version.value))
}

/// A path as the user would write it: relative to the current folder where that is shorter.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().ok();
    let short = here.as_deref().and_then(|here| path.strip_prefix(here).ok()).unwrap_or(path);
    short.strip_prefix("./").unwrap_or(short).display().to_string()
}

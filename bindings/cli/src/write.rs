//! Writing files whole or not at all.
//! In: a path and bytes. Out: the file, or a reason. Refuses to leave half a file behind.

use crate::exit::Failure;
use std::io::Write;
use std::path::Path;

/// Writes a file beside the old one and puts it in its place.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::Usage(format!("cannot write {}: {error}", path.display()));
    let target = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let mut name = target.file_name().map(|name| name.to_os_string()).unwrap_or_default();
    name.push(format!(".{}.part", std::process::id()));
    let part = target.with_file_name(name);
    let written = std::fs::write(&part, bytes).and_then(|()| {
        if let Ok(facts) = std::fs::metadata(&target) {
            std::fs::set_permissions(&part, facts.permissions())?;
        }
        std::fs::rename(&part, &target)
    });
    written.map_err(|error| {
        let _ = std::fs::remove_file(&part);
        failed(error)
    })
}

/// Writes a file that must not be there yet.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    put(path, bytes, std::fs::OpenOptions::new().write(true).create_new(true))
}

/// Writes a file that must not be there yet, and that nobody else may read.
pub fn secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    put(path, bytes, &options)
}

fn put(path: &Path, bytes: &[u8], options: &std::fs::OpenOptions) -> Result<(), Failure> {
    options.open(path).and_then(|mut file| file.write_all(bytes)).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Usage(format!("{} is there already", path.display())),
        _ => Failure::Usage(format!("cannot write {}: {error}", path.display())),
    })
}

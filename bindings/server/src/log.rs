//! The decision log. In: decisions. Out: lines of JSON, each with a seal that depends on the line before; a file that is
//! followed by another when it is full. Refuses to hold who asked: a packed request numbers its identifiers. A log that cannot
//! be written is an error for the host to deal with; the decision stands.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use jiff::Timestamp;
use keyward_evaluator::layout::REQUEST_FLAGS;
use sha2::{Digest, Sha256};

use crate::decider::Outcome;
use crate::policy::Policy;

/// Sixteen hexadecimal digits that a line ends with.
pub type Seal = [u8; 16];

/// Writes decisions of one policy at a time.
#[derive(Debug)]
pub struct LogWriter<W> {
    out: W,
    seal: Option<Seal>,
    line: Vec<u8>,
    written: u64,
}

impl<W: Write> LogWriter<W> {
    /// A log that starts here, or goes on after the last line of another file. [`LogWriter::policy`] comes first.
    pub fn new(out: W, after: Option<Seal>) -> LogWriter<W> {
        LogWriter { out, seal: after, line: Vec::new(), written: 0 }
    }

    /// Says which policy decides from here on: at the start, and whenever another version takes over.
    pub fn policy(&mut self, policy: &Policy) -> io::Result<()> {
        let identity = policy.identity();
        let name: String = identity.name.chars().filter(|c| c.is_alphanumeric() || "._-".contains(*c)).collect();
        let after = self.seal.map_or(String::new(), |seal| String::from_utf8_lossy(&seal).into_owned());
        self.line.clear();
        write!(self.line, "{{\"keyward_log\":1,\"policy\":\"{name}\",\"version\":{},\"source\":\"", identity.version)?;
        hex(&identity.source, &mut self.line);
        write!(self.line, "\",\"schema\":\"{:08x}\",\"after\":\"{after}\"", policy.schema().hash)?;
        self.end()
    }

    /// Writes a decision: which, when, the packed request and what came out.
    pub fn append(
        &mut self,
        at: SystemTime,
        decision: u32,
        request: &[u8],
        outcome: &Outcome,
        policy: &Policy,
    ) -> io::Result<()> {
        let at = Timestamp::try_from(at).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        self.line.clear();
        let flags = request.get(REQUEST_FLAGS..REQUEST_FLAGS + 4).is_some_and(|flags| flags != [0; 4]);
        let short = policy.schema().short_len;
        let needed = if flags { request } else { request.get(..short).unwrap_or(request) };
        write!(
            self.line,
            "{{\"at\":\"{}\",\"decision\":{decision},\"status\":{},\"request\":\"",
            at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"),
            outcome.status.code()
        )?;
        hex(needed, &mut self.line);
        self.line.extend(b"\",\"outcome\":\"");
        outcome.words.iter().for_each(|word| hex(&word.to_le_bytes(), &mut self.line));
        self.line.push(b'"');
        self.end()
    }

    /// Bytes written so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// The seal of the last line.
    #[must_use]
    pub fn seal(&self) -> Option<Seal> {
        self.seal
    }

    /// Hands everything on that is still in memory.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// What was written to.
    pub fn into_inner(self) -> W {
        self.out
    }

    /// Seals and writes the line.
    fn end(&mut self) -> io::Result<()> {
        let mut hash = Sha256::new();
        if let Some(before) = &self.seal {
            hash.update(before);
        }
        hash.update(&self.line);
        let mut digits = Vec::with_capacity(16);
        hex(&hash.finalize()[..8], &mut digits);
        self.line.extend(b",\"seal\":\"");
        self.line.extend(&digits);
        self.line.extend(b"\"}\n");
        self.out.write_all(&self.line)?;
        self.written += self.line.len() as u64;
        self.seal = digits.try_into().ok();
        Ok(())
    }
}

fn hex(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.extend([byte >> 4, byte & 15].map(|digit| b"0123456789abcdef"[usize::from(digit)]));
    }
}

/// A log in a file that is put aside when it is full: `NAME`, before it `NAME.1`, before that `NAME.2`, and so on.
#[derive(Debug)]
pub struct RotatingLog {
    path: PathBuf,
    limit: u64,
    keep: usize,
    writer: LogWriter<BufWriter<File>>,
    policy: Policy,
}

impl RotatingLog {
    /// Starts a log. A file that is there already is put aside, so that no line is ever written behind a broken one. `limit` is
    /// the size in bytes at which a file is full, `keep` how many older files stay.
    pub fn create(path: &Path, limit: u64, keep: usize, policy: &Policy) -> io::Result<RotatingLog> {
        if path.exists() {
            put_aside(path, keep)?;
        }
        let mut writer = LogWriter::new(open(path)?, None);
        writer.policy(policy)?;
        Ok(RotatingLog { path: path.to_path_buf(), limit, keep, writer, policy: policy.clone() })
    }

    /// Another version decides from here on.
    pub fn policy(&mut self, policy: &Policy) -> io::Result<()> {
        self.policy = policy.clone();
        self.writer.policy(policy)
    }

    /// Writes a decision; a full file is put aside first, and reaches the disk before it is.
    pub fn append(&mut self, at: SystemTime, decision: u32, request: &[u8], outcome: &Outcome) -> io::Result<()> {
        if self.writer.written() >= self.limit {
            self.sync()?;
            let after = self.writer.seal();
            put_aside(&self.path, self.keep)?;
            self.writer = LogWriter::new(open(&self.path)?, after);
            self.writer.policy(&self.policy)?;
        }
        self.writer.append(at, decision, request, outcome, &self.policy)
    }

    /// Waits until everything is on the disk.
    pub fn sync(&mut self) -> io::Result<()> {
        self.writer.flush()?;
        self.writer.out.get_ref().sync_data()
    }
}

fn open(path: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::new(OpenOptions::new().write(true).create_new(true).open(path)?))
}

fn put_aside(path: &Path, keep: usize) -> io::Result<()> {
    let place = |number: usize| {
        let mut name = path.as_os_str().to_os_string();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    if keep == 0 {
        return std::fs::remove_file(path);
    }
    for number in (1..keep).rev() {
        if place(number).exists() {
            std::fs::rename(place(number), place(number + 1))?;
        }
    }
    std::fs::rename(path, place(1))
}

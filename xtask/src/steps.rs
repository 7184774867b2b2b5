//! Starts programs one after another, shows what they print, and counts tests in what they say.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Instant;

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
}

impl Count {
    /// Adds the figures of one line of a test runner, if it is its summary.
    ///
    /// Understands `Summary [ 1.2s] 7 tests run: 6 passed, 1 failed` and `test result: ok. 6 passed; 1 failed`.
    pub fn read(&mut self, line: &str) {
        if let Some((proofs, verdict)) = line.split_once(" asserts: ") {
            // `187 tests, 262 asserts: 2 failed` of `keyward test`.
            let failed = figure_before(verdict, " failed");
            let all = figure_before(proofs, " tests, ") + figure_before(line, " asserts: ");
            self.passed += all.saturating_sub(failed);
            self.failed += failed;
            return;
        }
        // `# pass 10` of Node.
        if let Some(count) = line.strip_prefix("# pass ").and_then(|rest| rest.parse::<u64>().ok()) {
            self.passed += count;
        } else if let Some(count) = line.strip_prefix("# fail ").and_then(|rest| rest.parse::<u64>().ok()) {
            self.failed += count;
        }
        if !(line.contains("Summary [") && line.contains("tests run:") || line.contains("test result: ")) {
            return;
        }
        self.passed += figure_before(line, " passed");
        self.failed += figure_before(line, " failed") + figure_before(line, " timed out");
    }

    /// Adds another count.
    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A numbered row of steps.
#[derive(Debug)]
pub struct Steps {
    total: usize,
    done: usize,
    /// The names of the steps that failed.
    pub failed: Vec<String>,
    /// All tests counted so far.
    pub count: Count,
}

impl Steps {
    /// A row of `total` steps.
    pub fn new(total: usize) -> Self {
        Self { total, done: 0, failed: Vec::new(), count: Count::default() }
    }

    /// Announces the next step.
    pub fn announce(&mut self, title: &str) {
        self.done += 1;
        println!("[{}/{}] {title}", self.done, self.total);
    }

    /// Runs a program as the next step; true if it went well.
    pub fn run(&mut self, title: &str, command: &mut Command) -> bool {
        self.announce(title);
        self.also(title, command)
    }

    /// Runs another program inside the current step.
    pub fn also(&mut self, title: &str, command: &mut Command) -> bool {
        let start = Instant::now();
        match watched(command) {
            Ok((went_well, count)) => {
                self.count.add(count);
                let word = if went_well { "ok" } else { "FAILED" };
                println!("      {word} ({:.1} s)", start.elapsed().as_secs_f64());
                if !went_well {
                    self.failed.push(title.to_owned());
                }
                went_well
            }
            Err(error) => {
                println!("      FAILED: {:?} does not start: {error}", command.get_program());
                self.failed.push(title.to_owned());
                false
            }
        }
    }
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let mut root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.pop();
    root
}

/// The cargo that runs this, started at the root of the workspace.
pub fn cargo(words: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(words).current_dir(root());
    command
}

/// The folder that cargo builds into.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The `keyward` command of the debug build.
pub fn keyward(words: &[&str]) -> Command {
    let mut command = Command::new(keyward_path());
    command.args(words).current_dir(root());
    command
}

/// Where the debug build puts the `keyward` command.
pub fn keyward_path() -> PathBuf {
    target().join("debug").join(format!("keyward{}", std::env::consts::EXE_SUFFIX))
}

/// The five policies of the house, in the order in which they are shown.
pub const POLICIES: [&str; 5] = ["access", "pickup", "field_swap", "after_hours", "login"];

/// The file of a policy, from the root.
pub fn policy_file(name: &str) -> String {
    format!("policies/{name}/{name}.ward")
}

fn watched(command: &mut Command) -> std::io::Result<(bool, Count)> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let count = Arc::new(Mutex::new(Count::default()));
    let out = child.stdout.take().map(|stream| follow(stream, Arc::clone(&count), |line| println!("{line}")));
    let err = child.stderr.take().map(|stream| follow(stream, Arc::clone(&count), |line| eprintln!("{line}")));
    for handle in [out, err].into_iter().flatten() {
        // A reader that died has lost only its output; the exit code below still counts.
        let _ = handle.join();
    }
    let status = child.wait()?;
    let count = *count.lock().unwrap_or_else(PoisonError::into_inner);
    Ok((status.success(), count))
}

fn follow(stream: impl Read + Send + 'static, count: Arc<Mutex<Count>>, show: fn(&str)) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|length| length > 0) {
            let line = String::from_utf8_lossy(&bytes);
            let line = line.trim_end_matches(['\n', '\r']);
            count.lock().unwrap_or_else(PoisonError::into_inner).read(line);
            show(line);
            bytes.clear();
        }
    })
}

fn figure_before(line: &str, word: &str) -> u64 {
    let Some(at) = line.find(word) else { return 0 };
    let start = line[..at].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |before| before + 1);
    line[start..at].parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(line: &str) -> (u64, u64) {
        let mut count = Count::default();
        count.read(line);
        (count.passed, count.failed)
    }

    #[test]
    fn summaries_of_all_runners_are_read() {
        assert_eq!(count("     Summary [   0.005s] 18 tests run: 16 passed, 2 failed, 0 skipped"), (16, 2));
        assert_eq!(count("     Summary [   0.005s] 3 tests run: 3 passed (1 slow), 0 skipped"), (3, 0));
        assert_eq!(count("     Summary [   9.0s] 3 tests run: 2 passed, 1 timed out, 0 skipped"), (2, 1));
        assert_eq!(count("test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured"), (5, 1));
        assert_eq!(count("187 tests, 262 asserts: all hold"), (449, 0));
        assert_eq!(count("187 tests, 262 asserts: 2 failed"), (447, 2));
        assert_eq!((count("# pass 10"), count("# fail 2"), count("# tests 12")), ((10, 0), (0, 2), (0, 0)));
        assert_eq!(count("2 passed and 3 failed, said a test"), (0, 0));
    }

    #[test]
    fn a_failing_program_is_a_failed_step() {
        let mut steps = Steps::new(2);
        assert!(steps.run("version", &mut cargo(&["--version"])));
        assert!(!steps.run("nonsense", &mut cargo(&["no-such-command-of-cargo"])));
        assert!(!steps.also("nothing", &mut Command::new("no-such-program-at-all")));
        assert_eq!(steps.failed, ["nonsense", "nothing"]);
    }
}

//! A PostgreSQL server for one test: made in a folder of its own, on a port of its own, gone with the test. `KEYWARD_TEST_POSTGRES` names
//! another one instead, in which each test makes a database of its own.

use super::Folder;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A server.
pub struct Postgres {
    pub url: String,
    folder: Option<Folder>,
    port: u16,
}

/// Where the programs of PostgreSQL are: those of Debian are in no path.
fn program(name: &str) -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        versions.map(|version| version.path().join("bin").join(name)).filter(|path| path.exists()).collect();
    found.sort();
    found.pop().unwrap_or_else(|| PathBuf::from(name))
}

/// Runs a program; as another user where this one is root, since PostgreSQL refuses that.
fn run(name: &str, arguments: &[&str]) -> Output {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    let mut command = if root {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(program(name));
        command
    } else {
        Command::new(program(name))
    };
    let done = command.args(arguments).current_dir("/").output();
    done.unwrap_or_else(|error| {
        panic!("{name} is missing ({error}): install PostgreSQL, on Debian with `apt install postgresql`")
    })
}

impl Postgres {
    pub fn new() -> Postgres {
        if let Ok(url) = std::env::var("KEYWARD_TEST_POSTGRES") {
            return Postgres { url, folder: None, port: 0 };
        }
        let folder = Folder::new();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(&folder.0, open).expect("the folder is open");
        let data = folder.0.join("pg");
        let data = data.to_str().expect("a path");
        let made = run("initdb", &["-D", data, "-U", "keyward", "--auth=trust", "--no-sync"]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let url = format!("postgres://keyward@127.0.0.1:{port}/postgres");
        let server = Postgres { url, folder: Some(folder), port };
        server.start();
        server
    }

    fn data(&self) -> String {
        let folder = self.folder.as_ref().expect("a server of this test");
        folder.0.join("pg").to_str().expect("a path").to_string()
    }

    /// Starts it, or starts it again.
    pub fn start(&self) {
        let data = self.data();
        let options = format!("-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories=", self.port);
        let log = format!("{data}.log");
        let started = run("pg_ctl", &["-D", &data, "-l", &log, "-w", "-o", &options, "start"]);
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
    }

    /// Stops it at once, as if it had lost its power.
    pub fn stop(&self) {
        run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "stop"]);
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.folder.is_some() {
            self.stop();
        }
    }
}

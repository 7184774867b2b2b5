//! The day of `host/README.md`, run as it stands there.

// F01 setting up, F02 people, F03 keys, F04 places and boxes, F09 a badge, F15 the release, F16 a return, F18 after hours, F22 the log and
// its verifier, F26 signing in.

use std::process::Command;

mod desk;

#[test]
fn the_day_of_the_readme() {
    day(None);
}

/// The same on PostgreSQL.
#[test]
fn the_day_of_the_readme_on_postgresql() {
    let server = desk::postgres::Postgres::new();
    day(Some(&server.url));
}

fn day(database: Option<&str>) {
    let readme = include_str!("../README.md");
    let blocks = readme.split("```bash\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script = format!("set -eu -o pipefail\n{}", blocks.collect::<Vec<_>>().join("\n"));
    let folder = desk::Folder::new();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let mut day = Command::new("bash");
    day.args(["-x", "-c", &script]);
    day.env("HOST", env!("CARGO_BIN_EXE_keyward-host")).env("DATA", &folder.0).env("LISTEN", listen);
    if let Some(url) = database {
        let file = folder.0.join("database");
        std::fs::write(&file, url).expect("a file");
        day.env("KEYWARD_DATABASE_FILE", file);
    }
    let day = day.output().expect("bash and curl");
    let (out, talk) = (String::from_utf8_lossy(&day.stdout), String::from_utf8_lossy(&day.stderr));
    assert!(day.status.success(), "the day broke off:\n{out}\n{talk}");
}

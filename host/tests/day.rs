//! The day of `host/README.md`, run as it stands there.

// F01 setting up, F02 people, F03 keys, F04 places and boxes, F09 a badge, F15 the release, F16 a return, F18 after hours, F22 the log and
// its verifier, F26 signing in.

use std::process::Command;

#[test]
fn the_day_of_the_readme() {
    let readme = include_str!("../README.md");
    let blocks = readme.split("```bash\n").skip(1).filter_map(|rest| rest.split("```").next());
    let script = format!("set -eu -o pipefail\n{}", blocks.collect::<Vec<_>>().join("\n"));
    let folder = std::env::temp_dir().join(format!("keyward-day-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let listen = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let day = Command::new("bash")
        .args(["-x", "-c", &script])
        .env("HOST", env!("CARGO_BIN_EXE_keyward-host"))
        .env("DATA", &folder)
        .env("LISTEN", listen)
        .output()
        .expect("bash and curl");
    let (out, talk) = (String::from_utf8_lossy(&day.stdout), String::from_utf8_lossy(&day.stderr));
    assert!(day.status.success(), "the day broke off:\n{out}\n{talk}");
    std::fs::remove_dir_all(&folder).expect("the folder goes away");
}

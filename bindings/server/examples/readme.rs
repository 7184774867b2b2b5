//! The program of README.md for a server. In: `after_hours.wasm` and `request.json` in the current folder. Out: one line. A test
//! holds the two together.

use keyward_server::json::{Decided, Terms, read_request};
use keyward_server::{Decider, Policy};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let policy = Policy::load(&std::fs::read("after_hours.wasm")?)?;
    let request = read_request(policy.schema(), &std::fs::read("request.json")?, &Terms::default())?;
    let decided = Decided::new(&mut Decider::new(&policy)?, 0, &request.pack())?;
    println!("{} {} {}", policy.digest(), decided.status.word(), decided.answer("access").unwrap_or_default());
    Ok(())
}

//! A packed request is read back as it was written: whatever is known and has a name comes out in the JSON that makes the same bytes again.

use keyward::emit::Options;
use keyward::pipeline::Project;
use keyward::source::Sources;
use keyward_server::json::{Terms, read_request};
use keyward_server::{Given, Policy, Value};

/// Every type of input, each also as one that may be not set.
const EVERY_TYPE: &str = r#"edition 2026
policy test.every_type version 1 "Every type of input"

input flag is yes or no
input colour is one of red, green, blue
input tools is a set of axe, saw, rope
input count is a number from 0 to 70000
input wait is a duration from 0 minutes to 30 days
input day is a date from 2026-01-01 to 2027-12-31
input hour is a time
input now is a moment
input who is a person
optional input maybe_count is a number from 0 to 200
optional input maybe_day is a date from 2026-01-01 to 2027-12-31
setting org.mood is one of calm, brave default calm

decision open "May it open?"
  answer access is the strictest of allowed, refused

if unsure access is refused
normally access is refused
  because "No."

rule everything
  when flag is yes
    and colour is red
    and tools include axe
    and count is more than 5
    and wait is more than 5 minutes
    and day is 2026-05-05
    and hour is after 12:00
    and now.date is after 2026-05-05 and now.time is after 10:00
    and who is one of "ada", "ben"
    and maybe_count is not set
    and maybe_day is not set
    and org.mood is brave
  then access is allowed
  because "Yes."
"#;

fn policy(text: &str) -> Policy {
    let mut sources = Sources::new();
    let main = sources.add("test.ward", text);
    let made = Project::read(sources, None).compile(main).module(Options::default());
    let made = made.unwrap_or_else(|found| panic!("{found:#?}"));
    Policy::load(&made.bytes).expect("a sound module")
}

/// Reads a request back and writes it again.
fn again(policy: &Policy, request: &[u8]) -> Vec<u8> {
    let given = policy.schema().given(request).expect("a request of this vocabulary");
    let member = |(name, given): &(&str, Given)| match given {
        Given::Json(text) => format!("\"{name}\": {text}"),
        Given::Somebody => format!("\"{name}\": \"somebody\""),
    };
    let text = format!("{{{}}}", given.iter().map(member).collect::<Vec<_>>().join(", "));
    let read = read_request(policy.schema(), text.as_bytes(), &Terms::default());
    read.unwrap_or_else(|mistake| panic!("{mistake:?} in {text}")).pack()
}

#[test]
fn what_was_packed_is_read_back_and_packs_to_the_same_bytes() {
    let policy = policy(EVERY_TYPE);
    let values: [(&str, &[Value]); 12] = [
        ("flag", &[Value::YesNo(true), Value::YesNo(false)]),
        ("colour", &[Value::Name("red"), Value::Name("blue")]),
        ("tools", &[Value::Names(&[]), Value::Names(&["axe", "rope"])]),
        ("count", &[Value::Number(0), Value::Number(70_000)]),
        ("wait", &[Value::Number(0), Value::Number(61), Value::Number(43_200)]),
        ("day", &[Value::Date(20_454), Value::Date(21_183)]),
        ("hour", &[Value::Time(0), Value::Time(1_439)]),
        ("now", &[Value::Moment(20_454, 0), Value::Moment(21_000, 1_439)]),
        ("who", &[Value::Name("ada"), Value::Name("ben"), Value::Name("somebody")]),
        ("maybe_count", &[Value::NotSet, Value::Number(200)]),
        ("maybe_day", &[Value::NotSet, Value::Date(20_500)]),
        ("org.mood", &[Value::Name("brave"), Value::Name("calm")]),
    ];
    // Each value beside the first of every other, with every input known; and each alone, with the others unknown.
    for (name, some) in &values {
        for value in *some {
            let mut whole = policy.request();
            for (other, others) in &values {
                whole.set(other, others[0].clone()).expect("it fits");
            }
            whole.set(name, value.clone()).expect("it fits");
            let mut alone = policy.request();
            alone.set(name, value.clone()).expect("it fits");
            for request in [whole.pack(), alone.pack()] {
                assert_eq!(again(&policy, &request), request, "{name} is {value:?}");
            }
        }
    }
}

#[test]
fn bytes_of_another_vocabulary_and_bytes_that_are_cut_off_are_none() {
    let policy = policy(EVERY_TYPE);
    let request = policy.request().pack();
    let mut foreign = request.clone();
    foreign[0] ^= 1;
    assert_eq!(policy.schema().given(&foreign), None);
    assert_eq!(policy.schema().given(&request[..request.len() - 40]), None);
    assert_eq!(policy.schema().given(&[]), None);
}

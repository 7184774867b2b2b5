//! Sizes and times of policies: `measure FILE… ` compiles each file (every other `.ward` file beside it and in
//! `policies/` can be used) and decides a million unpredictable requests. Ratios are against an empty export.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keyward::check::{Files, check};
use keyward::emit::{Options, emit};
use keyward::lower::lower;
use keyward::parse::parse;
use keyward::span::FileId;
use keyward_server::{Decider, InputType, Policy, Status, Value};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    for path in std::env::args().skip(1) {
        measure(Path::new(&path))?;
    }
    Ok(())
}

fn wards(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            wards(&path, found)?;
        } else if path.extension().is_some_and(|end| end == "ward") {
            found.push(path);
        }
    }
    found.sort();
    Ok(())
}

fn measure(path: &Path) -> Result<(), Failure> {
    let mut paths = Vec::new();
    wards(Path::new("policies"), &mut paths)?;
    paths.retain(|other| !same(other, path));
    paths.insert(0, path.to_path_buf());
    let mut files = Files::new();
    for (number, path) in paths.iter().enumerate() {
        let text = std::fs::read_to_string(path)?;
        let (tree, findings) = parse(FileId(number as u16), &text);
        if !findings.is_empty() && number == 0 {
            println!("{findings:?}");
        }
        files.add(tree, &text);
    }
    let start = Instant::now();
    let (policy, findings) = check(&files, FileId(0));
    let Some(policy) = policy else {
        for finding in findings {
            println!("{} {}", finding.code, finding.message);
        }
        return Err("the policy has mistakes".into());
    };
    let checked = start.elapsed();
    let start = Instant::now();
    let model = lower(&policy).map_err(|findings| format!("{findings:?}"))?;
    let lowered = start.elapsed();
    let start = Instant::now();
    let emitted = emit(&model, Options { strip: true })?;
    let emit_time = start.elapsed();
    let whole = emit(&model, Options { strip: false })?;
    println!("{}: check {checked:.1?}, lower {lowered:.1?}, emit {emit_time:.1?}", path.display());
    println!(
        "  stripped {} bytes, whole {} bytes; loop {}, table {} (nodes {} in {}, {} for answers), code {:?}, traced {}, steps {}",
        emitted.bytes.len(),
        whole.bytes.len(),
        emitted.loop_bytes,
        emitted.table.len(),
        emitted.nodes,
        emitted.node_bytes,
        emitted.answer_bytes,
        emitted.code_bytes,
        emitted.traced,
        emitted.steps
    );
    run(&emitted.bytes)
}

fn same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok() == other.canonicalize().ok()
}

struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Random valid requests, as one long row of bytes.
fn requests(policy: &Policy, decider: &mut Decider, count: usize) -> Result<Vec<u8>, Failure> {
    let mut dice = Dice(7);
    let mut rows: Vec<u8> = Vec::new();
    let mut tries = 0;
    while rows.len() < count * policy.schema().request_len {
        let mut request = policy.request();
        for input in &policy.schema().inputs {
            if input.optional && dice.below(3) == 0 {
                request.set(&input.name, Value::NotSet)?;
                continue;
            }
            let name = format!("person{}", dice.below(5));
            let names: Vec<&str>;
            let value = match &input.ty {
                InputType::YesNo => Value::YesNo(dice.below(2) == 0),
                InputType::OneOf(names) => Value::Name(&names[dice.below(names.len() as u64) as usize]),
                InputType::SetOf(all) => {
                    names = all.iter().map(String::as_str).filter(|_| dice.below(2) == 0).collect();
                    Value::Names(&names)
                }
                InputType::Number(low, high) | InputType::Duration(low, high) => {
                    Value::Number(low + dice.below(u64::from(high - low) + 1) as u32)
                }
                InputType::Moment(..) => Value::Moment(20_454 + dice.below(10_000) as i32, dice.below(1440) as u16),
                InputType::Date(low, high) => Value::Date(low + dice.below((high - low) as u64 + 1) as i32),
                InputType::Time => Value::Time(dice.below(1440) as u16),
                InputType::Identifier(_) => Value::Name(&name),
            };
            request.set(&input.name, value)?;
        }
        let packed = request.pack();
        tries += 1;
        // Mostly valid requests, as in service; but never an endless search.
        if tries > 20 * count || decider.decide(0, &packed)?.status == Status::Ok {
            rows.extend(packed);
        }
    }
    Ok(rows)
}

fn run(bytes: &[u8]) -> Result<(), Failure> {
    let start = Instant::now();
    let policy = Policy::load(bytes)?;
    let loaded = start.elapsed();
    let mut decider = Decider::new(&policy)?;
    let start = Instant::now();
    for _ in 0..100 {
        std::hint::black_box(Decider::new(&policy)?);
    }
    let instantiate = start.elapsed() / 100;
    let len = policy.schema().request_len;
    let count = 1 << 18;
    let rows = requests(&policy, &mut decider, count)?;
    // Medians over short stretches: what else the machine does hits few of them.
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..3 {
        for rows in rows.chunks(len * 512) {
            let start = Instant::now();
            for _ in rows.chunks_exact(len) {
                std::hint::black_box(decider.nothing()?);
            }
            times[0].push(start.elapsed());
            let start = Instant::now();
            for row in rows.chunks_exact(len) {
                decider.placed().copy_from_slice(row);
                std::hint::black_box(decider.status_placed(0)?);
            }
            times[1].push(start.elapsed());
            let start = Instant::now();
            for row in rows.chunks_exact(len) {
                decider.placed().copy_from_slice(row);
                std::hint::black_box(decider.status_placed_table(0)?);
            }
            times[2].push(start.elapsed());
            let start = Instant::now();
            for row in rows.chunks_exact(len) {
                decider.placed().copy_from_slice(row);
                std::hint::black_box(decider.nothing()?);
            }
            times[3].push(start.elapsed());
        }
    }
    let each = times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1e9 / 512.0
    });
    println!("  load {loaded:.1?}, instantiate {instantiate:.1?}, request {len} bytes");
    println!(
        "  empty {:.1} ns, with copying {:.1}; decide {:.1} ns = {:.2}x; table {:.1} ns = {:.2}x",
        each[0],
        each[3],
        each[1],
        each[1] / each[0],
        each[2],
        each[2] / each[0]
    );
    Ok(())
}

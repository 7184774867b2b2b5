//! The figures of the README, each as a ratio within one run.

mod rules;

fn main() {
    println!("{}", rules::keyward(&rules::rows(3)));
}

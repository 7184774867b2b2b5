//! The playground: static files out of its sources. In: the npm packages of the same tree. Out: `playground/dist`, its tests in
//! Chromium, the page on localhost.

use crate::js::{install, node};
use crate::steps::Steps;
use crate::{modules, tools};

/// Where it is.
const FOLDER: &str = "playground";
/// Where it is served.
const PORT: &str = "8700";

/// Builds what it stands on and the page.
pub fn build(steps: &mut Steps) -> bool {
    modules::build(steps, true) && crate::js::packages(steps) && page(steps)
}

/// Builds the page; the packages are there.
pub fn page(steps: &mut Steps) -> bool {
    let built = [
        (
            "grammar of the editor",
            vec![
                "node_modules/@lezer/generator/src/lezer-generator.cjs",
                "src/editor/ward.grammar",
                "-o",
                "src/editor/grammar.js",
            ],
        ),
        ("types of the page", vec!["node_modules/typescript/bin/tsc", "--noEmit"]),
        ("build of the page", vec!["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]),
    ];
    install(steps, FOLDER) && built.iter().all(|(title, words)| steps.also(title, &mut node(FOLDER, words)))
}

/// Runs its tests in Chromium.
pub fn tests(steps: &mut Steps) {
    let files = ["sources", "journeys", "everyone", "hostile"].map(|name| format!("test/{name}.test.mjs"));
    let mut words = vec!["--test", "--test-reporter=tap", "--test-concurrency=1"];
    words.extend(files.iter().map(String::as_str));
    steps.also("tests of the page", &mut node(FOLDER, &words));
}

/// Builds the page and measures it.
pub fn measure(steps: &mut Steps, words: &[String]) -> bool {
    steps.announce("playground: measured in Chromium");
    if !(tools() & tools::chromium()) || !build(steps) {
        return false;
    }
    let mut all = vec!["bench.mjs"];
    all.extend(words.iter().map(String::as_str));
    steps.also("measurements of the page", &mut node(FOLDER, &all))
}

/// Serves the page until it is stopped.
pub fn serve(steps: &mut Steps) -> bool {
    println!("      http://localhost:{PORT}/  (stop with Ctrl-C)");
    let words = ["node_modules/vite/bin/vite.js", "preview", "--port", PORT, "--strictPort", "--logLevel", "warn"];
    steps.also("playground", &mut node(FOLDER, &words))
}

/// Whether what it needs is here.
pub fn tools() -> bool {
    tools::node() & tools::wasm_target()
}

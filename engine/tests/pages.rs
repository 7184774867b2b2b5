//! Every page of a diagnostic code stands under its title, and the pages on meaning, hygiene and promises prove what they say:
//! the failing example raises the code, the way out raises neither it nor an error.

use keyward::codes::ALL;
use keyward::diagnostic::Diagnostic;
use keyward::pipeline::Project;
use keyward::source::Sources;

/// The policies of a page: what stands after the three backticks, and the text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some((_, after)) = rest.split_once("```") {
        let Some((info, after)) = after.split_once('\n') else { break };
        let Some((text, after)) = after.split_once("```") else { break };
        found.push((info.trim().to_string(), text.to_string()));
        rest = after;
    }
    found
}

fn findings(text: &str) -> Vec<Diagnostic> {
    let mut sources = Sources::new();
    let main = sources.add("page.ward", text);
    Project::read(sources, None).compile(main).diagnostics
}

#[test]
fn every_page_stands_under_its_title() {
    for entry in ALL {
        let first = entry.page.lines().next().unwrap_or("");
        assert_eq!(first, format!("# {}: {}", entry.code, entry.title));
        assert!(entry.page.lines().count() > 3, "{} says nothing", entry.code);
    }
}

#[test]
fn examples_fail_as_they_should_and_ways_out_pass() {
    let mut ran = 0;
    for entry in ALL.iter().filter(|entry| ("KW200".."KW500").contains(&entry.code.to_string().as_str())) {
        let code = entry.code.to_string();
        for (info, text) in blocks(entry.page) {
            let found: Vec<String> =
                findings(&text).iter().map(|one| format!("{} {}", one.code, one.message)).collect();
            let raised = found.iter().any(|one| one.starts_with(&code));
            if info == format!("keyward-fail {code}") {
                assert!(raised, "{code}: the example raises {found:#?}");
                ran += 1;
            } else if info == "keyward" {
                assert!(found.is_empty(), "{code}: the way out raises {found:#?}");
                ran += 1;
            }
        }
    }
    assert!(ran >= 30, "only {ran} examples ran: were the fences renamed?");
}

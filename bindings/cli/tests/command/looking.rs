//! The commands that show a policy: tables, the hours of a year, diagrams.

use crate::run::Folder;

#[test]
fn table_in_every_form() {
    let folder = Folder::with_starter("table");
    let text = folder.run(&["table", "night.ward"]).expect(0);
    assert!(text.out.contains("Each request is in exactly one row") && text.out.contains("→ "), "{}", text.out);
    let list = folder.run(&["table", "night.ward", "--otherwise"]).expect(0);
    assert!(list.out.contains("Read from the top"), "{}", list.out);
    let markdown = folder.run(&["table", "night.ward", "--as", "markdown"]).expect(0);
    assert!(markdown.out.contains("| --- |") && markdown.out.starts_with("## "), "{}", markdown.out);
    let csv = folder.run(&["table", "night.ward", "--as", "csv"]).expect(0);
    assert!(csv.out.lines().next().is_some_and(|line| line.starts_with("table,")), "{}", csv.out);
    let html = folder.run(&["table", "night.ward", "--as", "html"]).expect(0);
    for wanted in ["<caption>", "<thead>", "scope=\"col\"", "scope=\"row\"", "lang=\"en\""] {
        assert!(html.out.contains(wanted), "{wanted}: {}", html.out);
    }
    let json = folder.run(&["table", "night.ward", "--format", "json"]).expect(0).json();
    assert_eq!(json["command"], "table");
    let total = json["answers"][0]["requests"].as_str().unwrap().parse::<u128>().unwrap();
    let rows = json["answers"][0]["tables"][0]["rows"].as_array().unwrap();
    let sum: u128 = rows.iter().map(|row| row["requests"].as_str().unwrap().parse::<u128>().unwrap()).sum();
    assert_eq!(sum, total);
    folder.run(&["table", "night.ward", "--as", "html", "-o", "out.html"]).expect(0);
    assert_eq!(folder.read("out.html"), html.out);
}

#[test]
fn table_is_narrowed_and_says_what_is_wrong_with_a_condition() {
    let folder = Folder::new("narrowed");
    folder.write(
        "p.ward",
        "edition 2026\npolicy acme.p version 1\ninput method is one of badge, code, link\ninput risk is a number from 1 to 9\n\
         decision d\n  answer x is yes or no\nif unsure x is no\nnormally x is no because \"n\"\n\
         rule r when method is badge and risk is at most 3 then x is yes because \"r\"\n",
    );
    let narrowed = folder.run(&["table", "p.ward", "--where", "method=badge"]).expect(0);
    assert!(narrowed.out.contains("9 of 27 valid requests (33.33%)"), "{}", narrowed.out);
    assert!(!narrowed.out.contains("method"), "{}", narrowed.out);
    // A bound that no rule mentions is cut exactly.
    let risk = folder.run(&["table", "p.ward", "--where", "risk is at least 8"]).expect(0);
    assert!(risk.out.contains("6 of 27 valid requests"), "{}", risk.out);
    let two = folder.run(&["table", "p.ward", "--where", "method=badge", "--where", "risk is 2"]).expect(0);
    assert!(two.out.contains("1 of 27 valid requests"), "{}", two.out);
    let unknown = folder.run(&["table", "p.ward", "--where", "metod=badge"]).expect(2);
    assert!(unknown.err.contains("--where") && unknown.err.contains("metod"), "{}", unknown.err);
    let none = folder.run(&["table", "p.ward", "--where", "risk is 1 and risk is 2"]).expect(2);
    assert!(none.err.contains("no valid request is like this"), "{}", none.err);
    let answer = folder.run(&["table", "p.ward", "--answer", "y"]).expect(2);
    assert!(answer.err.contains("there is no answer `y`, only x"), "{}", answer.err);
}

#[test]
fn year_in_every_form() {
    let folder = Folder::with_starter("year");
    let text = folder.run(&["year", "night.ward", "--from", "2026-12-01"]).expect(0);
    assert!(text.out.starts_with("Twelve months from 2026-12-01 to 2027-11-30"), "{}", text.out);
    assert!(text.out.contains("Monday") && text.out.contains("in an ordinary week"), "{}", text.out);
    let svg = folder.run(&["year", "night.ward", "--from", "2026-12-01", "--as", "svg"]).expect(0);
    for wanted in ["<title", "<desc", "prefers-color-scheme:dark", "role=\"img\"", "Monday"] {
        assert!(svg.out.contains(wanted), "{wanted}: {}", svg.out);
    }
    let json = folder.run(&["year", "night.ward", "--from", "2026-12-01", "--format", "json"]).expect(0).json();
    assert_eq!(json["sheet"]["weeks"][0]["days"].as_array().unwrap().len(), 7);
    for bad in ["2026-02-30", "soon", "1999-01-01", "2053-12-31", "2026-13-01"] {
        let refused = folder.run(&["year", "night.ward", "--from", bad]).expect(2);
        assert!(refused.err.contains("--from takes a date"), "{}", refused.err);
    }
    folder.run(&["year", "night.ward"]).expect(0);
}

#[test]
fn draw_in_every_form() {
    let folder = Folder::with_starter("draw");
    let svg = folder.run(&["draw", "night.ward"]).expect(0);
    for wanted in ["<title", "<desc", "prefers-color-scheme:dark", "role=\"img\"", "</svg>"] {
        assert!(svg.out.contains(wanted), "{wanted}: {}", svg.out);
    }
    let dot = folder.run(&["draw", "night.ward", "--as", "dot"]).expect(0);
    assert!(dot.out.starts_with("digraph ") && dot.out.contains(" -> "), "{}", dot.out);
    let json = folder.run(&["draw", "night.ward", "--format", "json"]).expect(0).json();
    assert!(json["diagram"]["questions"].as_array().is_some_and(|all| !all.is_empty()));
    folder.run(&["draw", "night.ward", "--answer", "nothing"]).expect(2);
}

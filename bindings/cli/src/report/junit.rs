//! JUnit, which nearly every build server reads.
//! In: suites of cases. Out: one XML document without times, so that equal runs give equal files. Refuses control characters.

/// One file with its tests and asserts.
pub struct Suite {
    /// The name of the file.
    pub name: String,
    /// What was run.
    pub cases: Vec<Case>,
}

/// One test or assert.
pub struct Case {
    /// Its name.
    pub name: String,
    /// The policy it stands in.
    pub policy: String,
    /// What is wrong: one line, then everything; nothing if it holds.
    pub failure: Option<(String, String)>,
}

/// The document.
pub fn document(suites: &[Suite]) -> String {
    let failed = |suite: &Suite| suite.cases.iter().filter(|case| case.failure.is_some()).count();
    let (tests, failures): (usize, usize) =
        suites.iter().fold((0, 0), |(t, f), suite| (t + suite.cases.len(), f + failed(suite)));
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str(&format!("<testsuites name=\"keyward\" tests=\"{tests}\" failures=\"{failures}\">\n"));
    for suite in suites {
        let (name, failures) = (escaped(&suite.name), failed(suite));
        out.push_str(&format!(
            "  <testsuite name=\"{name}\" tests=\"{}\" failures=\"{failures}\">\n",
            suite.cases.len()
        ));
        for case in &suite.cases {
            let head = format!("<testcase name=\"{}\" classname=\"{}\"", escaped(&case.name), escaped(&case.policy));
            match &case.failure {
                None => out.push_str(&format!("    {head}/>\n")),
                Some((short, long)) => out.push_str(&format!(
                    "    {head}>\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n",
                    escaped(short),
                    escaped(long)
                )),
            }
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' => out.push('\n'),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

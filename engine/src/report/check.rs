//! What checking a policy came to, for programs.
//! In: a policy as far as it came, and what was found. Out: members of a JSON object. Refuses to choose what is reported.

use crate::analyze::Report;
use crate::codes::Severity;
use crate::diagnostic::Diagnostic;
use crate::render::json::string;
use crate::typed::Policy;

/// The members.
#[must_use]
pub fn json(
    name: &str,
    policy: Option<&Policy>,
    report: Option<&Report>,
    findings: &[Diagnostic],
) -> Vec<(&'static str, String)> {
    let count = |severity: Severity| findings.iter().filter(|one| one.severity == severity).count().to_string();
    let mut fields = vec![("file", string(name))];
    if let Some(policy) = policy {
        fields.push(("policy", string(&policy.name)));
        fields.push(("version", policy.version.to_string()));
    }
    if let Some(report) = report {
        fields.push(("rules", report.rules.to_string()));
        fields.push(("valid_requests", string(&report.valid_requests.replace(',', ""))));
        fields.push(("nodes", report.nodes.to_string()));
        fields.push(("tests", report.tests.len().to_string()));
        fields.push(("asserts", report.asserts.len().to_string()));
    }
    fields.push(("errors", count(Severity::Error)));
    fields.push(("warnings", count(Severity::Warning)));
    fields.push(("notes", count(Severity::Note)));
    fields
}

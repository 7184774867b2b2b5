//! `keyward why`: why a policy answers a request as it does, and what would change it.
//! In: a policy and one request in JSON. Out: the explanation for the reader it is meant for. Refuses to decide for others.

use crate::args::Why;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::module;
use crate::report;
use crate::search::is_ward;
use crate::terminal::Terminal;
use keyward::explain::{Audience, Question, Trouble, explain};
use keyward::render::visible;
use keyward::report::why;
use keyward::schema::{DecisionId, Schema, Value};
use keyward::space::packed::unpack;
use keyward::space::slots::Slots;
use keyward::value::Status;
use keyward_server::json::{LARGEST, Terms, knows_zone, nearest, read_request};
use std::path::Path;

/// How many equally near changes are listed.
const TIES: usize = 8;

/// Explains one request.
pub fn run(args: &Why, json: bool, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.request == "-" && args.file == Path::new("-") {
        return Err(Failure::Usage("the policy and the request cannot both come from standard input".to_string()));
    }
    if let Some(zone) = args.zone.as_deref().filter(|zone| !knows_zone(zone)) {
        return Err(Failure::Usage(format!("the zone {zone} is not known; zones are named like Europe/Paris")));
    }
    if !is_ward(&args.file) && args.file != Path::new("-") {
        let name = args.file.display();
        return Err(Failure::Usage(format!(
            "{name} is no .ward file; an explanation needs the policy, not its module"
        )));
    }
    let (compiled, emitted) = module::sound(&args.file, terminal)?;
    let (Some(policy), Some(mut model)) = (compiled.policy, compiled.model) else {
        return Err(Failure::Internal("a policy with a module has no model".to_string()));
    };
    let decision = choose(&policy.schema, args.decision.as_deref())?;
    let answer = args.answer.as_deref().map(|name| answer(&policy.schema, decision, name)).transpose()?;

    let loaded = keyward_server::Policy::load(&emitted.bytes).map_err(|error| Failure::Internal(error.to_string()))?;
    let text = match args.request.strip_prefix('@') {
        Some(path) => files::read_bytes(Path::new(path), LARGEST)?,
        None if args.request == "-" => files::read_bytes(Path::new("-"), LARGEST)?,
        None => args.request.clone().into_bytes(),
    };
    let built = match read_request(loaded.schema(), &text, &Terms { zone: args.zone.clone(), ..Terms::default() }) {
        Ok(built) => built,
        Err(mistake) => {
            if json {
                terminal.result(&report::document("why", vec![("error", report::mistake_json(&mistake))]));
            } else {
                terminal.talk(&report::mistake_text(&mistake));
            }
            return Ok(Exit::Findings);
        }
    };
    let slots = Slots::of_model(&model);
    let mut request = unpack(&model, &slots, emitted.schema_hash, &built.pack())
        .map_err(|error| Failure::Internal(error.to_string()))?;
    // Packed requests number the people; the changes that are shown should name them.
    for (input, value) in request.values.iter_mut().enumerate() {
        if let (Some(Value::Identifier(own)), Some(name)) =
            (value, built.given_identifier(&model.schema.inputs[input].name))
        {
            name.clone_into(own);
        }
    }
    let audience = match args.audience {
        crate::args::Audience::Person => Audience::Person,
        crate::args::Audience::Operator => Audience::Operator,
        crate::args::Audience::Author => Audience::Author,
    };
    let found = explain(&policy, &mut model, &request, &Question { decision, answer, audience, ties: TIES });
    let found = found.map_err(|trouble| match trouble {
        Trouble::Undecided => Failure::Findings(trouble.to_string()),
        Trouble::Unknown | Trouble::Unverified(_) => Failure::Internal(trouble.to_string()),
    })?;
    terminal.result(&if json {
        report::document("why", why::json(&found))
    } else {
        why::text(&found, terminal.look())
    });
    Ok(if found.status == Status::UnsureInvalid { Exit::Findings } else { Exit::Fine })
}

/// The number of the decision that is meant.
fn choose(schema: &Schema, name: Option<&str>) -> Result<DecisionId, Failure> {
    let names: Vec<&str> = schema.decisions.iter().map(|decision| decision.name.as_str()).collect();
    match name {
        Some(name) => schema.decision(name).ok_or_else(|| unknown("decision", name, &names)),
        None if names.len() == 1 => Ok(0),
        None => Err(Failure::Usage(format!("this policy has several decisions; add --decision: {}", names.join(", ")))),
    }
}

/// The number of the answer that is meant.
fn answer(schema: &Schema, decision: DecisionId, name: &str) -> Result<usize, Failure> {
    let answers = &schema.decisions[decision].answers;
    let names: Vec<&str> = answers.iter().map(|answer| answer.name.as_str()).collect();
    answers.iter().position(|answer| answer.name == name).ok_or_else(|| unknown("answer", name, &names))
}

fn unknown(what: &str, name: &str, names: &[&str]) -> Failure {
    let meant = nearest(name, names.iter().copied()).map(|meant| format!(" Did you mean {meant}?"));
    let all = names.join(", ");
    Failure::Usage(visible(&format!("there is no {what} {name} here ({all}).{}", meant.unwrap_or_default())))
}

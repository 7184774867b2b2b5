//! Until when an outcome holds, against a clock that moves minute by minute.
//! In: a policy and a valid request. Out: the first minute at which the explanation is wrong.
//! Refuses to know calendars.

use keyward::eval;
use keyward::explain::{Explanation, Next};
use keyward::schema::{DecisionId, FIRST_DAY, LAST_DAY, Value};
use keyward::typed::{AnswerValue, Policy};
use keyward::value::{Request, Status};

/// Steps through so many minutes, and looks at both sides of what is claimed for later.
pub fn check(
    policy: &Policy,
    decision: DecisionId,
    request: &Request,
    said: &Explanation,
    minutes: i64,
) -> Result<usize, String> {
    let mut known = 0;
    for until in &said.until {
        let input = policy.schema.input(&until.input).ok_or("no such input")?;
        let Some(Value::Moment(day, minute)) = request.get(input).cloned() else {
            return Err(format!("{} is not known", until.input));
        };
        let start = i64::from(day) * 1440 + i64::from(minute);
        let now = at(policy, decision, request, input, start);
        let claimed = match &until.next {
            Next::At(day, minute, then) if !then.is_empty() => Some(i64::from(*day) * 1440 + i64::from(*minute)),
            Next::At(..) => return Err("a change that changes nothing".to_owned()),
            Next::Never => None,
            Next::Beyond if day > LAST_DAY => continue,
            Next::Beyond => return Err("not beyond the horizon".to_owned()),
        };
        let end = (i64::from(LAST_DAY) + 1) * 1440;
        for moment in start + 1..(start + minutes).min(claimed.unwrap_or(end)) {
            if at(policy, decision, request, input, moment) != now {
                return Err(format!("changes {} minutes later, not at {claimed:?}", moment - start));
            }
        }
        if let Some(claimed) = claimed {
            known += 1;
            if claimed <= start || claimed >= end {
                return Err(format!("{claimed} is not after {start} and before the horizon"));
            }
            if at(policy, decision, request, input, claimed) == now {
                return Err(format!("nothing changes {} minutes later", claimed - start));
            }
            if claimed > start + 1 && at(policy, decision, request, input, claimed - 1) != now {
                return Err(format!("has changed before, {} minutes later", claimed - start));
            }
        }
        // Far away whole days are looked at, at midnight and at noon.
        let last = claimed.unwrap_or(end).min(end);
        let mut moment = (i64::from(day.max(FIRST_DAY)) + 1) * 1440;
        while moment < last {
            if at(policy, decision, request, input, moment) != now {
                return Err(format!("changes {} minutes later, not at {claimed:?}", moment - start));
            }
            moment += 720 * 5;
        }
    }
    Ok(known)
}

fn at(
    policy: &Policy,
    decision: DecisionId,
    request: &Request,
    input: usize,
    moment: i64,
) -> (Status, Vec<AnswerValue>) {
    let mut moved = request.clone();
    moved.set(input, Value::Moment(moment.div_euclid(1440) as i32, moment.rem_euclid(1440) as u16));
    let outcome = eval::decide(policy, decision, &moved).expect("an accepted policy decides");
    (outcome.status, outcome.answers)
}

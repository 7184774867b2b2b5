// The cases of tests/conformance, on the runtime that is given. In: a loader, what parses JSON, the text of a file, a module.
// Out: how many cases were checked, and how some differ. Runs in Node and in a page alike; refuses to know which.

/** Checks a file. `lean` leaves out what the light door does not do. */
export async function check({ load, parse }, text, module, lean = false) {
  const policy = await load(module);
  const [, ...lines] = text.trimEnd().split("\n");
  const wrong = [];
  let count = 0;
  lines.forEach((line, number) => {
    const found = one(policy, parse, JSON.parse(line), lean);
    if (found === undefined) return;
    count++;
    if (found) wrong.push(`case ${number + 1}: ${found}`);
  });
  return { count, wrong };
}

function one(policy, parse, expected, lean) {
  const { decision, zone, duties } = expected;
  if (expected.request === undefined && expected.text === undefined) return;
  // The light door reads no text of its own and knows no zones.
  if (lean && (expected.text !== undefined || zone !== undefined)) return;
  const options = { decision, zone, duties };
  let request;
  let said;
  try {
    request = expected.text === undefined ? expected.request : parse(expected.text);
    said = lean ? policy.decide(request, options) : policy.why(request, options);
  } catch (error) {
    if (error.name !== "RequestError") return `threw ${error.stack}`;
    return differs("error", [error.code, error.key], [expected.error, expected.key]);
  }
  if (expected.error !== undefined) return `${expected.error} is expected, and the request is read`;
  const names = (reasons) => reasons?.map((reason) => reason.rule);
  const found =
    differs("status", said.status, expected.status) ||
    differs("answers", { ...said.answers }, expected.answers) ||
    differs("decision", said.decision, decision);
  if (found || lean) return found;
  for (const part of ["because", "overridden", "milder"]) {
    const found = expected[part] && differs(part, names(said[part]), expected[part]);
    if (found) return found;
  }
  if (expected.possible) {
    const possible = policy.partial(request, options);
    const found = differs("possible", { ...possible.answers }, expected.possible);
    if (found) return found;
  }
  // An answer is the same when it is asked for again, and the request stays as it was.
  const again = policy.decide(request, options);
  return differs("answers the second time", { ...again.answers }, expected.answers);
}

function differs(what, found, expected) {
  const [one, other] = [found, expected].map((value) => JSON.stringify(sorted(value)));
  return one === other ? "" : `${what}: ${one}, expected ${other}`;
}

/** The same with keys in order. */
function sorted(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

/** What clocks show around every change of the zones in `zones.json`; gives where that differs. */
export function sweep(civil, zones) {
  const wrong = [];
  for (const [zone, changes] of Object.entries(zones)) {
    changes.forEach(([at, ahead], number) => {
      const before = number ? changes[number - 1][1] : ahead;
      for (const [instant, minutes] of [...(number ? [[at - 1, before]] : []), [at, ahead], [at + 61, ahead]]) {
        const expected = new Date((instant + minutes) * 60_000).toISOString().slice(0, 16);
        const found = civil(new Date(instant * 60_000), zone);
        if (found !== expected) wrong.push(`${zone} at ${instant}: ${found}, expected ${expected}`);
      }
    });
  }
  return wrong;
}

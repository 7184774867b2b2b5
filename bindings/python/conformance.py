"""The conformance cases by a program that knows nothing but engine/ABI.md (P3). In: tests/conformance and the modules that the
tests left in target/conformance. Out: how many agree; exit code 1 where one differs. Cases in JSON texts and with zones or duties
are decided from their packed bytes alone."""
import json, pathlib, sys
from keyward import Policy

root = pathlib.Path(__file__).resolve().parents[2]
count, spoken, wrong = 0, 0, []
for path in sorted((root / "tests/conformance").glob("*.jsonl")):
    policy = Policy(root / "target/conformance" / (path.stem + ".wasm"))
    for number, line in enumerate(path.read_text().splitlines()[1:], 2):
        case = json.loads(line)
        if "packed" not in case: continue
        decision = [name for name, _ in policy.decisions].index(case["decision"])
        outcome = policy.run(bytes.fromhex(case["packed"]), decision).hex()
        if outcome != case["outcome"]: wrong.append(f"{path.name}:{number}: {outcome}, expected {case['outcome']}")
        if "request" in case and "duties" not in case:
            said = policy.decide(case["request"], decision)
            if policy.pack(case["request"]).hex() != case["packed"]: wrong.append(f"{path.name}:{number}: packed otherwise")
            if said != (case["status"], case["answers"]): wrong.append(f"{path.name}:{number}: {said}")
            spoken += 1
        count += 1
print(*wrong[:10], sep="\n")
print(f"{count} cases, {spoken} of them from JSON, {len(wrong)} differences")
sys.exit(1 if wrong or count < 1500 else 0)

"""Record the facts of checks that a fault refutes, one small JSON file each, to test sentences with.

    python tests/diagnosis/record.py DIRECTORY proxy/affinity-ignored=affinity_is_each_clients_own [...]

Each argument is a fault and a behaviour that catches it; without any, each fault is recorded with the first behaviour
that declares it. What a sentence does not need, such as evidence, is left out.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

LEFT_OUT = ("kind", "digest", "evidence", "divergence")


def pairs() -> Iterator[tuple[str, str]]:
    """Yield each fault with the first behaviour that declares it."""
    listing = subprocess.run(("svcproof", "list", "--json"), check=True, capture_output=True).stdout
    behaviours = json.loads(listing)
    first = {fault: each["id"] for each in reversed(behaviours) for fault in each["faults"]}
    yield from sorted(first.items())


def record(directory: Path, fault: str, behaviour: str) -> str:
    """Run the behaviour under the fault, write its fact, and return how the check ended."""
    results = Path(tempfile.mkdtemp(prefix="record-"))
    shutil.rmtree(results)
    command = ("svcproof", "run", "--fault", fault, "-k", behaviour, "--results", str(results))
    subprocess.run(command, check=False, capture_output=True)
    try:
        lines = [json.loads(line) for line in (results / "run.jsonl").read_text().splitlines()]
    except OSError as error:
        return f"no run file: {error}"
    facts = [line for line in lines if line["kind"] == "fact"]
    for fact in facts:
        kept = {key: value for key, value in fact.items() if key not in LEFT_OUT}
        if fact["finding"] == "refuted":
            name = f"{fault.replace('/', '.')}.{fact['id']}.json"
            (directory / name).write_text(json.dumps({"fault": fault, "fact": kept}, separators=(",", ":")) + "\n")
    shutil.rmtree(results)
    return " ".join(fact["finding"] for fact in facts) or "no fact"


if __name__ == "__main__":
    chosen = [tuple(word.split("=", 1)) for word in sys.argv[2:]] or list(pairs())
    for fault, behaviour in chosen:
        sys.stdout.write(f"{fault} {behaviour} {record(Path(sys.argv[1]), fault, behaviour)}\n")
        sys.stdout.flush()

"""Record the facts of checks that a fault refutes, one small JSON file each, to test sentences with.

    python tests/diagnosis/record.py tests/diagnosis/recorded proxy/affinity-ignored=affinity_is_each_clients_own [...]
    python tests/diagnosis/record.py tests/diagnosis/recorded --sentences

Each argument is a fault and a behaviour that catches it. What a sentence does not need, such as evidence, is left out.
`--sentences` writes what is said of each recording now, to be read before it is committed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from svcproof.diagnosis import divergence
from svcproof.report.lines import unpacked

LEFT_OUT = ("kind", "digest", "evidence", "divergence")


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


def write_sentences(directory: Path) -> None:
    """Write the divergence of each recording."""
    values = {}
    for path in sorted(directory.glob("*.*.json")):
        said = divergence(unpacked(json.dumps(json.loads(path.read_text())["fact"])))
        values[path.stem] = said and {"sentence": said.sentence, "node": said.node, "object": said.object}
    (directory / "sentences.json").write_text(json.dumps(values, indent=1) + "\n")


if __name__ == "__main__":
    place, words = Path(sys.argv[1]), sys.argv[2:]
    if words == ["--sentences"]:
        write_sentences(place)
    else:
        for pair in words:
            sys.stdout.write(f"{pair}: {record(place, *pair.split('=', 1))}\n")
            sys.stdout.flush()

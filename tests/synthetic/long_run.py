"""A run file of a million lines: each behaviour checked hundreds of times, with facts as small as they can be."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from svcproof.model.run import Selection
from svcproof.report import runfile
from svcproof.report.lines import Chain
from tests.synthetic.behaviours import behaviours
from tests.synthetic.runs import KINDS, run

BEHAVIOURS = 300
SEAL = len(', "digest": "') + 64 + len('"}\n')


def store_long(folder: Path, lines: int) -> Path:
    """Write a run file of about so many lines; return its path."""
    every = behaviours(BEHAVIOURS)
    chain, digest = Chain(), sha256()
    head = [chain.seal(run(KINDS[0], every, 1).header), chain.seal(Selection(behaviours=every))]
    repeats = (lines - len(head)) // 2 // BEHAVIOURS
    head[0] = head[0].replace(b'"repeat": 1', b'"repeat": %d' % repeats)
    folder.mkdir(parents=True)
    with (path := folder / runfile.NAME).open("wb") as file:
        for line in (*(text[:-SEAL] for text in head), *_checks([made.id for made in every], repeats)):
            digest.update(line + b"}\n")
            file.write(line + f', "digest": "{digest.hexdigest()}"}}\n'.encode())
    return path


def _checks(ids: list[str], repeats: int) -> Iterator[bytes]:
    at = "2026-11-30T08:00:00.000+00:00"
    for attempt in range(1, repeats + 1):
        for name in ids:
            started = {"kind": "started", "id": name, "at": at, "worker": "gw0"}
            fact = {"kind": "fact", "id": name, "finding": "confirmed", "seconds": 0.1, "attempt": attempt, "at": at}
            for line in (started, fact):
                yield json.dumps(line)[:-1].encode()

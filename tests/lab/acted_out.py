"""A scenario acted out in namespaces of its own: a script that prints what it found, as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcproof.lab.process import init
from svcproof.lab.process.requirements import namespaces
from svcproof.model.cluster_spec import ClusterSpec


def acted_out(script: Path, spec: ClusterSpec, timeout: float) -> dict[str, Any]:
    """What the script found in a lab of this declaration; fails with what it complained of where it found nothing."""
    command = [*namespaces(), sys.executable, init.__file__, sys.executable, str(script), spec.model_dump_json()]
    lifeline, held = os.pipe()
    try:
        ran = subprocess.run(command, stdin=lifeline, capture_output=True, text=True, timeout=timeout)
    finally:
        os.close(held)
        os.close(lifeline)
    return dict(json.loads(ran.stdout or pytest.fail(ran.stderr)))

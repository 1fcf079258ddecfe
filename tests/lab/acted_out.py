"""A scenario acted out in namespaces of its own: a script that prints what it found, as JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from svcproof.lab.layout import LabConfig
from svcproof.lab.process import init
from svcproof.lab.process.requirements import namespaces
from svcproof.lab.process.settings import encoded

ROOT = Path(__file__).parents[2]


def acted_out(script: Path, config: LabConfig, timeout: float) -> dict[str, Any]:
    """What the script found in a lab of this configuration; fails with what it complained of where it found nothing."""
    command = [*namespaces(), sys.executable, init.__file__, sys.executable, str(script), json.dumps(encoded(config))]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # for what scripts share
    lifeline, held = os.pipe()
    try:
        ran = subprocess.run(command, stdin=lifeline, capture_output=True, text=True, timeout=timeout, env=environment)
    finally:
        os.close(held)
        os.close(lifeline)
    return dict(json.loads(ran.stdout or pytest.fail(ran.stderr)))

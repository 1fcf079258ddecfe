import subprocess
import sys

import harness

HEAVY = ("pytest", "pydantic", "lightkube", "aiohttp", "dns", "testinfra", "tenacity", "rich", "click")


def test_importing_harness_loads_nothing_heavy():
    script = "import sys, harness; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()

    assert not set(HEAVY) & set(loaded)


def test_what_authors_get_is_listed_and_there():
    assert all(hasattr(harness, name) for name in harness.__all__)
    assert len(set(harness.__all__)) == len(harness.__all__)

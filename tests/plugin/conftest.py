"""A conformance run in a folder of its own, on a cluster that is not there."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

CONFTEST = """
from pathlib import Path
import pytest
from svcproof.errors import ProbeError, ProvisionError
from svcproof.model.evidence import Log
from svcproof.plugin.cluster import CLUSTER

class Witness:
    secrets = ("known-secret",)
    def logs(self, since): return (Log("proxy", "node-a", ((since, "last words"),)),)

class Cluster:
    broken = died = ""
    nodes = outside = ()
    def trouble(self): return self.broken
    def proxy_cpu_time(self): return None
    def proxy_trouble(self, since=None): return self.died
    versions = {"nft": "1.0.6"}
    nodes, kubeconfig, witness = (), Path("/nowhere"), Witness()

@pytest.fixture(scope="session")
def cluster(pytestconfig):
    pytestconfig.stash[CLUSTER] = Cluster()
    return pytestconfig.stash[CLUSTER]

@pytest.fixture
def probe(pytestconfig, cluster):
    import time
    from svcproof.model.event import HttpStatus
    from svcproof.plugin.recording import notebook
    status = HttpStatus(vantage="client", node="node-a", address="10.96.0.9", port=80, path="/", status=200)
    return lambda: notebook(pytestconfig).record([status], time.monotonic())
"""
HEAD = """
from svcproof import *
from svcproof.errors import ProbeError, ProvisionError
import pytest
claim = dict(spec="https://example.org/clause", by=PROXY)
"""

Outcome = tuple[int, list[dict[str, object]]]
RunSuite = Callable[..., Outcome]


@pytest.fixture
def run_suite(pytester: pytest.Pytester) -> RunSuite:
    """Run checks given as source; returns the exit code and the lines of the run file."""
    pytester.makeconftest(CONFTEST)

    def run(checks: str, *options: str) -> Outcome:
        pytester.makepyfile(test_checks=HEAD + checks)
        results = Path(tempfile.mkdtemp(dir=pytester.path)) / "results"
        ended = pytester.runpytest_inprocess("-p", "no:randomly", "--svcproof-results", str(results), *options)
        return int(ended.ret), _lines(results / "run.jsonl")

    return run


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture
def facts(run_suite: RunSuite) -> Callable[..., dict[str, dict[str, object]]]:
    """Run checks given as source; returns the fact of each, by the behaviour's id."""

    def run(checks: str, *options: str) -> dict[str, dict[str, object]]:
        _, lines = run_suite(checks, *options)
        return {str(line["id"]): line for line in lines if line["kind"] == "fact"}

    return run

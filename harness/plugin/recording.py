"""From the phases of one check to its fact, in the process that runs it."""

import json
from collections.abc import Generator
from dataclasses import asdict
from pathlib import Path

import pytest

from harness.errors import SvcproofError, leaves
from harness.model.behaviour import Behaviour, Part
from harness.model.cluster import Cluster
from harness.model.fact import Fact, Finding
from harness.plugin.cluster import CLUSTER, versions
from harness.plugin.collection import BEHAVIOUR, REPEAT
from harness.plugin.finding import Ended, ended
from harness.plugin.health import UNWELL, cluster_trouble, proxy_trouble
from harness.plugin.notebook import Notebook
from harness.wait import claims

NOTEBOOK = pytest.StashKey[Notebook]()
FACT = pytest.StashKey[Fact]()
CONCLUDED = pytest.StashKey[int]()
REPORT_KEY = "svcproof_fact"
VERSIONS_KEY = "svcproof_versions"
VERSIONS = pytest.StashKey[dict[str, str]]()


def notebook(config: pytest.Config) -> Notebook:
    """The notebook of this process."""
    return config.stash.setdefault(NOTEBOOK, Notebook())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Open a new page for each check: what its fixtures read and waited for is not what it saw."""
    notebook(item.config).open()
    with claims() as counted:
        try:
            yield
        finally:
            item.stash[CONCLUDED] = counted.count


def pytest_collection_finish(session: pytest.Session) -> None:
    """Count asserts where there are checks; elsewhere pytest would spell out each one that holds, for nobody."""
    if any(BEHAVIOUR in item.stash for item in session.items):
        session.config.pluginmanager.register(Asserts(), "svcproof-asserts")


class Asserts:
    """Counts the asserts that held: a check that executes none shows nothing."""

    def pytest_assertion_pass(self, item: pytest.Item) -> None:
        """Count one."""
        notebook(item.config).asserted += 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Conclude from the phase that decides, and attach the fact to the last report."""
    report = yield
    behaviour = item.stash.get(BEHAVIOUR, None)
    if behaviour is None:
        return report
    error = call.excinfo.value if call.excinfo else None
    if call.when == "setup" and error is not None:
        item.stash[FACT] = _fact(item, behaviour, _setup_ended(item, behaviour, error), call.duration)
    elif call.when == "call":
        item.stash[FACT] = _fact(item, behaviour, _call_ended(item, behaviour, error), call.duration)
        item.stash[VERSIONS] = versions(item.config)  # After the last check's teardown there is no cluster to ask.
    elif call.when == "teardown":
        if error is not None and item.stash[FACT].finding is Finding.CONFIRMED:
            said = "cleaning up: " + "\n".join(map(str, leaves(error)))
            item.stash[FACT] = _fact(item, behaviour, Ended(Finding.BROKE, said), call.duration)
        setattr(report, REPORT_KEY, json.dumps(asdict(item.stash[FACT])))
        setattr(report, VERSIONS_KEY, item.stash.get(VERSIONS, {}))
    return report


def _setup_ended(item: pytest.Item, behaviour: Behaviour, error: BaseException) -> Ended:
    if isinstance(error, pytest.skip.Exception):
        return Ended(Finding.UNTESTABLE, str(error))
    said = str(error) if isinstance(error, SvcproofError) else f"setting up: {type(error).__name__}: {error}"
    return _unless_unwell(item.config, behaviour, Ended(Finding.BROKE, said))


def _call_ended(item: pytest.Item, behaviour: Behaviour, error: BaseException | None) -> Ended:
    page = notebook(item.config)
    if isinstance(error, pytest.skip.Exception):
        return Ended(Finding.UNTESTABLE, str(error))
    found = ended(
        error,
        suites=_top_package(item),
        probed=page.probes + (page.readings if behaviour.by is not Part.PROXY else 0) > 0,
        asserted=page.asserted + item.stash[CONCLUDED] > 0,
    )
    return _unless_unwell(item.config, behaviour, found)


def _unless_unwell(config: pytest.Config, behaviour: Behaviour, found: Ended) -> Ended:
    """What was found, unless the cluster or the proxy is not as it must be for that to say anything."""
    if found.finding is not Finding.CONFIRMED and (why := cluster_trouble(config)):
        config.stash[UNWELL] = why
        return Ended(Finding.BROKE, f"the cluster is not well: {why}\nwhat the check found: {found.reason}")
    concerned = behaviour.by is Part.PROXY or found.finding is not Finding.CONFIRMED
    if concerned and found.finding is not Finding.BROKE and (why := proxy_trouble(config)):
        return Ended(Finding.BROKE, why)
    return found


def _top_package(item: pytest.Item) -> Path:
    folder = item.path.parent
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
    return folder


def _fact(item: pytest.Item, behaviour: Behaviour, found: Ended, seconds: float) -> Fact:
    page = notebook(item.config)
    cluster = item.config.stash.get(CLUSTER, None)
    wants_evidence = found.finding in {Finding.REFUTED, Finding.INCONCLUSIVE, Finding.BROKE}
    return Fact(
        id=behaviour.id,
        finding=found.finding,
        reason=found.reason,
        observations=tuple(page.lines),
        record=page.found,
        seconds=round(seconds, 4),
        evidence=_evidence(cluster) if wants_evidence and cluster is not None else None,
        attempt=_attempt(item),
    )


def _evidence(cluster: Cluster) -> dict[str, str]:
    try:
        return dict(cluster.evidence())
    except SvcproofError as error:
        return {"evidence could not be taken": str(error)}


def _attempt(item: pytest.Item) -> int:
    callspec = getattr(item, "callspec", None)
    return int(callspec.params[REPEAT]) if callspec and REPEAT in callspec.params else 1

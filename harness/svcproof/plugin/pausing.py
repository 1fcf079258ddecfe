"""`--pause-on-failure`: a check that does not hold is not cleaned up after until somebody has looked."""

import shlex
import sys
import time
from collections.abc import Generator

import pytest

from svcproof.model.cluster import Cluster
from svcproof.model.fact import Finding
from svcproof.plugin.cluster import CLUSTER, NAMESPACE
from svcproof.plugin.controller import RECORDING
from svcproof.plugin.processes import is_worker, refusal
from svcproof.plugin.recording import FACT
from svcproof.plugin.retries import PENDING

HELD = (Finding.CONFIRMED, Finding.UNTESTABLE)
PAUSED = "paused before the clean-up after {check}; to look, in another terminal:"
GO_ON = "Enter goes on, Ctrl-C ends the run: "


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to pause where nobody could press a key."""
    if not config.option.svcproof_pause_on_failure or is_worker(config):
        return
    _give_back_terminal(config)
    if not sys.stdin.isatty():
        raise refusal(["--pause-on-failure waits for a key: standard input must be a terminal, and it is none"])


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    """Pause before what the check made is removed."""
    __tracebackhide__ = True  # A traceback of others' tests is not ours to be in.
    if _is_to_pause(item):
        _pause(item)
    yield


def _is_to_pause(item: pytest.Item) -> bool:
    """True where a check did not hold; not if no cluster came up, or it will be tried once more."""
    config = item.config
    is_asked = config.option.svcproof_pause_on_failure and RECORDING in config.stash and CLUSTER in config.stash
    did_not_hold = FACT in item.stash and item.stash[FACT].finding not in HELD
    return is_asked and did_not_hold and item not in config.stash.get(PENDING, ())


def _pause(item: pytest.Item) -> None:
    """Say how to look at the cluster, and wait for Enter; a run that is ended here has the fact all the same."""
    recording, fact = item.config.stash[RECORDING], item.stash[FACT]
    if cancel := getattr(item.ihook, "pytest_timeout_cancel_timer", None):
        cancel(item=item)
    recording.pause(fact, directions(item.config.stash[CLUSTER], item.config.stash.get(NAMESPACE, ""), fact.id))
    began = time.monotonic()
    _give_back_terminal(item.config)
    try:
        input(GO_ON)
    except EOFError:  # Ctrl-D
        pass
    except KeyboardInterrupt:
        sys.stdout.write("\n")
        recording.fact(fact)
        raise
    recording.resume(time.monotonic() - began)


def directions(cluster: Cluster, namespace: str, check: str) -> str:
    """Commands by which a person looks at the cluster and enters its nodes."""
    commands = [
        ["export", f"KUBECONFIG={cluster.kubeconfig}"],
        ["kubectl", *(["-n", namespace] if namespace else []), "get", "pods,services,endpointslices"],
        *(cluster.way_in(node.name) for node in cluster.nodes),
    ]
    return "\n".join([PAUSED.format(check=check), *(f"  {shlex.join(words)}" for words in commands)])


def _give_back_terminal(config: pytest.Config) -> None:
    """Have standard input and output as they were; pytest captures them again with the next phase of a check."""
    if capture := config.pluginmanager.get_plugin("capturemanager"):
        capture.suspend_global_capture(in_=True)

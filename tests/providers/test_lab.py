import os
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from svcproof.errors import ProvisionError, UsageError
from svcproof.evidence import dumps
from svcproof.evidence.packets import of_subject
from svcproof.evidence.subject import Subject
from svcproof.ledger import scratch
from svcproof.model.cluster_spec import ClusterSpec, NodeSpec
from svcproof.model.proxy_spec import ProxyEvidence
from svcproof.model.vocabulary import Capability
from svcproof.providers import lab
from svcproof.providers.lab.cluster import LabCluster
from tests.providers.conftest import proxy

SERVER = (sys.executable, "-m", "http.server", "10256")


def refused(spec: ClusterSpec, tested: object, *faults: str) -> None:
    with lab.up(spec, tested, faults=faults, progress=lambda step: None):  # type: ignore[arg-type]
        pytest.fail("it came up")


def await_that(holds: Callable[[], bool]) -> None:
    while not holds():
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(spec: ClusterSpec) -> Iterator[LabCluster]:
    with lab.up(spec, proxy(*SERVER), faults=(), progress=lambda step: None) as made:
        yield made


def test_what_a_small_lab_lacks_is_said_with_the_reason(spec: ClusterSpec):
    lacking = lab.capabilities(spec.model_copy(update={"outside": 0, "external_ranges": ()}))

    assert lacking[Capability.TWO_NODES] == "nodes in the lab lab-single-node: 1"
    assert lacking[Capability.SERVICE_ROUTE] == "outside clients of the lab lab-single-node: 0"
    assert Capability.EXTERNAL_ADDRESSES in lacking
    assert Capability.NODE_SHELL not in lacking


def test_three_nodes_and_two_clients_lack_no_place(spec: ClusterSpec):
    nodes = tuple(NodeSpec(name=f"node-{letter}") for letter in "abc")
    lacking = lab.capabilities(spec.model_copy(update={"nodes": nodes}))

    assert not {Capability.THREE_NODES, Capability.TWO_OUTSIDE_CLIENTS, Capability.LOAD_BALANCER} & lacking.keys()


def test_a_program_that_is_not_there_is_refused_before_anything_is_made(spec: ClusterSpec):
    with pytest.raises(ProvisionError, match="/nowhere/proxy: there is no such program"):
        refused(spec, proxy("/nowhere/proxy"))
    with pytest.raises(ProvisionError, match="no-such-proxy: it is not on PATH"):
        refused(spec, proxy("no-such-proxy"))


def test_a_fault_of_a_proxy_that_has_none_is_refused(spec: ClusterSpec):
    with pytest.raises(UsageError, match="mine has no install"):
        refused(spec, proxy(*SERVER), "proxy/affinity-ignored")


def test_an_unknown_fault_is_refused(spec: ClusterSpec):
    with pytest.raises(UsageError, match="nonesuch"):
        refused(spec, proxy(*SERVER, faultOption="--fault"), "proxy/nonesuch")


@pytest.mark.lab
def test_a_program_that_ends_at_once_is_reported_with_command_and_last_words(spec: ClusterSpec):
    with pytest.raises(ProvisionError) as refusal:
        refused(spec, proxy("sh", "-c", "echo cannot find my socks >&2; exit 3"))

    said = str(refusal.value)
    assert "it ended with exit status 3" in said
    assert "cannot find my socks" in said.splitlines()
    assert "sh -c echo cannot find my socks" in said


@pytest.mark.lab
def test_a_program_that_is_never_ready_is_given_up(spec: ClusterSpec):
    with pytest.raises(ProvisionError, match=r"after 1 s, http://127.0.0.1:10256/ did not answer"):
        refused(spec, proxy("sh", "-c", "yes tell me why; sleep 60", within=1))


@pytest.mark.lab
def test_a_program_that_answers_but_not_200_is_not_ready(spec: ClusterSpec):
    with pytest.raises(ProvisionError, match="answered 404"):
        refused(spec, proxy(*SERVER, http="http://127.0.0.1:10256/nowhere", within=3))


@pytest.mark.lab
def test_a_refused_proxy_leaves_no_lab(spec: ClusterSpec):
    mine = f"{os.getpid()}-*"
    before = set(scratch.base().glob(mine))

    with pytest.raises(ProvisionError):
        refused(spec, proxy("false"))

    assert set(scratch.base().glob(mine)) == before


@pytest.mark.lab
def test_placeholders_are_filled_in_on_each_node(spec: ClusterSpec):
    words = "{node} {node_ip} {pod_range} {service_range}"
    script = 'echo "$@"; touch here; echo in $(pwd); cat $KUBECONFIG | head -c 1; exec sleep 60'
    tested = proxy("sh", "-c", script, "sh", *words.split(), http="", environment={"KUBECONFIG": "{kubeconfig}"})

    with lab.up(spec, tested, faults=(), progress=lambda step: None) as made:
        log, _ = made.witness.logs(0.0)
        place = made.lab.directory.programs / "proxy-node-a"
        assert [line for _, line in log.lines] == ["node-a 172.30.0.11 10.244.0.0/16 10.96.0.0/16", f"in {place}", "{"]


@pytest.mark.lab
def test_a_proxy_that_runs_is_no_trouble_and_one_that_died_is(spec: ClusterSpec):
    tested = proxy("sh", "-c", "echo last words; while [ ! -e stop ]; do sleep 0.1; done; exit 9", http="")
    with lab.up(spec, tested, faults=(), progress=lambda step: None) as made:
        assert made.proxy_trouble() == ""
        (made.lab.directory.programs / "proxy-node-a" / "stop").touch()
        while not (trouble := made.proxy_trouble()):
            made.node_shell("node-a").run(("sleep", "0.1"))

    assert "the proxy mine ended with exit status 9 on node-a" in trouble
    assert "last words" in trouble.splitlines()


@pytest.mark.lab
def test_its_outside_clients_run_an_agent_and_a_shell(cluster: LabCluster):
    first, second = cluster.outside

    assert first.addresses == ("172.30.0.101",)
    assert b'"POD_NAME"' in first.channel.ask("/environment", b"{}", 5)
    assert b"172.30.0.102/24" in second.shell.run(("ip", "-4", "address")).stdout


@pytest.mark.lab
def test_rules_are_recorded_as_they_were_before_a_change_and_are_now(cluster: LabCluster):
    shell, witness = cluster.node_shell("node-a"), cluster.witness
    shell.run(("nft", "add table ip evidence"))
    await_that(lambda: any("table ip evidence" in dump.texts["nft"] for dump in witness.rules("node-a")[:-1]))
    before_change = time.time()
    shell.run(("nft", "delete table ip evidence"))

    *recorded, now = witness.rules("node-a")

    before = dumps.before_change(recorded, before_change)
    assert before is not None
    assert "table ip evidence" in before.texts["nft"]
    assert "table ip evidence" not in now.texts.get("nft", "")


@pytest.mark.lab
def test_logs_are_those_since_a_time_and_the_last_lines_where_there_are_none_since(cluster: LabCluster):
    log, _ = cluster.witness.logs(0.0)
    assert any('"GET / HTTP/1.1" 200' in line for _, line in log.lines)

    later = log.lines[-1][0]
    assert {at for at, _ in cluster.witness.logs(later)[0].lines} == {later}
    assert cluster.witness.logs(time.time() + 60)[0].lines == log.lines[-30:]


@pytest.mark.lab
def test_packets_are_captured_at_both_ends(cluster: LabCluster):
    client = cluster.outside[0]
    probe = "import socket; socket.create_connection(('172.30.0.11', 9)).close()"

    with cluster.witness.capture([client, cluster.outside[1]]) as packets:
        client.shell.run(("python3", "-c", probe))

    ends = frozenset({("172.30.0.11", 9)})
    flow = of_subject(packets, Subject(ends=ends))
    assert {packet.place for packet in flow} == {1}
    assert len(flow) >= 2, "a SYN and the reset"


@pytest.mark.lab
def test_the_commands_of_a_declaration_are_run_on_a_node(spec: ClusterSpec):
    commands = (("sh", "-c", "echo of $1 $2; exit 3", "sh", "{node}", "{node_ip}"), ("{python}", "-c", "print(1 + 1)"))
    tested = proxy("sleep", "60", http="").model_copy(update={"evidence": ProxyEvidence(commands=commands)})

    with lab.up(spec, tested, faults=(), progress=lambda step: None) as made:
        (_, first), (words, second) = made.witness.outputs("node-a")

    assert first == "of node-a 172.30.0.11\n\n(exit status 3)\n"
    assert words.endswith("-c 'print(1 + 1)'")
    assert second == "2\n"


@pytest.mark.lab
def test_a_proxy_that_does_not_come_up_leaves_logs_and_rules(spec: ClusterSpec):
    script = "nft add table ip mine; echo token=hunter2; echo last words; exit 3"

    with pytest.raises(ProvisionError) as refusal:
        refused(spec, proxy("sh", "-c", script))

    texts = refusal.value.texts
    assert "last words" in texts["log of the proxy on node-a"]
    assert "table ip mine" in texts["rules of node-a"]
    assert not any("hunter2" in text for text in texts.values())


@pytest.mark.lab
def test_it_names_the_versions_of_what_the_data_path_is_made_of(cluster: LabCluster):
    assert {"kernel", "nft"} <= cluster.versions.keys()
    assert cluster.versions["nft"][0].isdigit()


@pytest.mark.lab
def test_it_lacks_what_was_said_before_it_was_made(cluster: LabCluster, spec: ClusterSpec):
    assert cluster.lacking == lab.capabilities(spec)


@pytest.mark.lab
@pytest.mark.timeout(90)
def test_cpu_time_of_the_proxy_is_that_of_all_its_processes(spec: ClusterSpec):
    spinning = proxy("sh", "-c", "(while :; do :; done) & exec sleep 60", http="")

    with lab.up(spec, spinning, faults=(), progress=lambda step: None) as made:
        before, began = made.proxy_cpu_time(), time.monotonic()
        while made.proxy_cpu_time() < before + 0.5 and time.monotonic() < began + 60:
            time.sleep(0.1)
        used, seconds = made.proxy_cpu_time() - before, time.monotonic() - began

    assert 0.5 <= used <= seconds * (os.cpu_count() or 1) + 0.1

"""What is refused of a cluster, and how it is said."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from svcproof import declare
from svcproof.declare import cluster
from svcproof.declare.clusters import check
from svcproof.errors import UsageError
from svcproof.lab.layout import layout
from svcproof.model.cluster_spec import ClusterSpec

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]
Said = Callable[..., list[str]]


def lab(**changes: Any) -> str:
    sound = yaml.safe_load((declare.fixtures_dir() / "clusters/lab.yaml").read_text())
    return yaml.safe_dump(sound | changes, default_flow_style=None, sort_keys=False)


@pytest.fixture
def said_against(write: Write, problems: Problems) -> Callable[..., list[str]]:
    """What is said against the cluster `lab` with some keys changed."""
    return lambda **changes: [line.split(": ", 1)[1] for line in problems(cluster, write(lab(**changes)))]


@pytest.mark.parametrize("name", declare.names("clusters"))
def test_every_cluster_of_ours_is_sound_and_can_be_laid_out(name: str) -> None:
    spec = cluster(name)

    assert spec.name == name
    assert spec.provider != "lab" or len(layout(spec).nodes) == len(spec.nodes)


def test_every_mistake_is_told_with_its_place_and_near_names(problems: Problems, write: Write) -> None:
    text = """\
provider: labb
nodes:
  - {name: node-a, zonee: a}
  - {name: node-a, zone: 3}
familes: [ipv4]
podRanges: [10.244.0.0/16]
serviceRanges: [10.96.1.0/16]
nodeRanges: [10.244.0.0/24]
outside: "2"
name: mine
"""
    assert problems(cluster, write(text)) == [
        ":1:11: provider: 'labb' is unknown (did you mean lab?)",
        ":3:20: nodes.0.zonee: unknown key (did you mean zone?)",
        ":4:26: nodes.1.zone: input should be a valid string (got 3)",
        ":5:1: familes: unknown key (did you mean families?)",
        ":7:17: serviceRanges.0: 10.96.1.0/16 has host bits set",
        ":8:14: nodeRanges.0: 10.244.0.0/24 overlaps 10.244.0.0/16 of podRanges",
        ":9:10: outside: input should be a valid integer (got '2')",
        ":10:1: name: is not a key: the file's name says it",
    ]


def test_the_python_names_of_keys_are_not_keys(said_against: Said) -> None:
    assert said_against(pod_ranges=["10.1.0.0/16"])[0].startswith("pod_ranges: unknown key (did you mean podRan")


def test_a_missing_provider_does_not_hide_the_rest(problems: Problems, write: Write) -> None:
    assert problems(cluster, write("nodes: [{name: a}, {name: a}]\npodRanges: [x]\n"))[:2] == [
        ":1:1: provider: is missing",
        ":1:1: serviceRanges: needs one range per IP family, in the order of families: ipv4",
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"podRanges": ["10.96.0.0/15"]}, "serviceRanges.0: 10.96.0.0/16 overlaps 10.96.0.0/15 of podRanges"),
        ({"serviceRanges": ["172.30.0.0/20"]}, "nodeRanges.0: 172.30.0.0/24 overlaps 172.30.0.0/20 of serviceRanges"),
        ({"externalRanges": ["10.244.9.0/24"]}, "externalRanges.0: 10.244.9.0/24 overlaps 10.244.0.0/16 of podRanges"),
        ({"podRanges": ["127.1.0.0/16"]}, "podRanges.0: 127.1.0.0/16 is loopback"),
        ({"podRanges": ["10.244.0.0/16", "10.245.0.0/16"]}, "podRanges: needs one range per IP family"),
        ({"podRanges": ["10.244.0.0/22"]}, "podRanges.0: 10.244.0.0/22 is too small for 4 nodes"),
        ({"nodeRanges": ["172.30.0.0/26"]}, "nodeRanges.0: 172.30.0.0/26 is too small"),
        ({"serviceRanges": ["10.96.0.0/28"]}, "serviceRanges.0: 10.96.0.0/28 is too small"),
        ({"externalRanges": ["2001:db8::/64"]}, "externalRanges: has a range of a family the cluster is without: ipv6"),
        ({"families": ["ipv4", "ipv6"]}, "families: the lab has no IPv6 yet: declare [ipv4] only"),
        ({"families": ["ipv4", "ipv4"]}, "families: name each IP family once"),
        ({"families": []}, "families: name each IP family once"),
        ({"nodes": []}, "nodes: a lab needs at least one node"),
        ({"nodes": [{"name": "a"}, {"name": "a"}]}, "nodes.1.name: there is another node a"),
        ({"nodes": [{"name": "outside-1"}]}, "nodes.0.name: outside-1 is a name the lab gives to something else"),
        ({"nodes": [{"name": f"n{i}"} for i in range(91)]}, "nodes: more than 90 nodes"),
        ({"nodePorts": "32767-30000"}, "nodePorts: 32767-30000 is not a range of ports"),
        ({"nodePorts": "0-70000"}, "nodePorts: 0-70000 is not a range of ports"),
        ({"outside": 9}, "outside: input should be less than or equal to 8 (got 9)"),
        ({"dnsDomain": "-x"}, "dnsDomain: '-x' is no DNS domain"),
        ({"dnsDomain": "a..b"}, "dnsDomain: 'a..b' is no DNS domain"),
        ({"dnsDomain": "a" * 64}, "dnsDomain: 'aaa"),
        ({"dnsDomain": ".".join(["a" * 60] * 3)}, "dnsDomain: 'aaa"),
        ({"nodePorts": "1" * 5000 + "-2"}, "nodePorts: string should match pattern"),
        ({"nodePorts": "30000-30010"}, "nodePorts: 30000-30010 has 11 ports: the checks need at least 64"),
        ({"nodePorts": "10000-20000"}, "nodePorts: 10000-20000 holds 10250, which the kubelet of each node has"),
        ({"images": {"redis": {"comand": ["x"]}}}, "images.redis.comand: "),
        ({"images": {"redis": {"command": ["a\0b"]}}}, "images.redis.command.0: "),
        ({"provider": "kind", "images": {"redis": {}}}, "images: only a lab has stand-ins for images"),
        ({"outside": -1}, "outside: input should be greater than or equal to 0 (got -1)"),
        ({"outside": 1.5}, "outside: input should be a valid integer"),
        ({"nodes": [{"name": f"n{i}"} for i in range(6000)]}, "nodes: tuple should have at most 100 items"),
        ({"podRanges": ["0.0.0.0/1"]}, "podRanges.0: 0.0.0.0/1 is loopback, link-local, multicast or no address"),
        ({"externalRanges": ["240.0.0.0/8"]}, "externalRanges.0: 240.0.0.0/8 is loopback, link-local, multicast or no"),
        ({"podRanges": ["10.0.0.0/33"]}, "podRanges.0: 10.0.0.0/33 is not like 10.0.0.0/16"),
        ({"podRanges": ["x" * 5000]}, "podRanges.0: xxxxxxxxx"),
        ({"podRanges": ["10.0.0.0/16"] * 20}, "podRanges: tuple should have at most 16 items"),
        ({"agent": {"image": "a b"}}, "agent.image: 'a b' is no reference to an image"),
        ({"agent": {"image": "-v"}}, "agent.image: '-v' is no reference to an image"),
        ({"agent": {"image": ""}}, "agent.image: string should have at least 1 character"),
        ({"agent": {"pullSecret": "a/b/c"}}, "agent.pullSecret: string should match pattern"),
        ({"kind": {"load": [""]}}, "kind.load.0: string should have at least 1 character"),
        ({"kind": {"kubernetes": "1." + "9" * 50 + ".1"}}, "kind.kubernetes: string should match pattern"),
        ({"kubeconfig": {"outside": ["ssh://-oProxyCommand"]}}, "kubeconfig.outside.0: string should match pattern"),
    ],
)
def test_what_cannot_be_together_is_refused(said_against: Said, changes: dict[str, Any], said: str) -> None:
    if "22" in str(changes.get("podRanges")):
        changes |= {"nodes": [{"name": name} for name in "abcd"]}

    assert [line for line in said_against(**changes) if line.startswith(said)]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("172.30.1.0", "172.30.1.9", "172.30.1.0-172.30.1.9 is outside the node network 172.30.0.0/24"),
        ("172.30.0.250", "172.30.1.9", "172.30.0.250-172.30.1.9 is outside the node network 172.30.0.0/24"),
        ("172.30.0.13", "172.30.0.20", "172.30.0.13-172.30.0.20 holds 172.30.0.13, which is the address of node-c"),
        ("172.30.0.102", "172.30.0.110", "172.30.0.102-172.30.0.110 holds 172.30.0.102, which is the address of outs"),
        ("172.30.0.0", "172.30.0.5", "172.30.0.0-172.30.0.5 holds 172.30.0.1, which is the fabric's"),
        ("172.30.0.250", "172.30.0.255", "172.30.0.250-172.30.0.255 holds 172.30.0.255, which is the broadcast addres"),
        ("172.30.0.9", "172.30.0.5", "172.30.0.9-172.30.0.5 does not run from a first to a last address"),
    ],
)
def test_a_pool_lies_in_the_node_network_and_meets_nobody(said_against: Said, first: str, last: str, said: str) -> None:
    found = said_against(loadBalancerPool=[{"first": first, "last": last}])

    assert [line for line in found if line.startswith(f"loadBalancerPool.0: {said}")]


def test_pools_do_not_overlap(said_against: Said) -> None:
    spans = [{"first": "172.30.0.200", "last": "172.30.0.210"}, {"first": "172.30.0.210", "last": "172.30.0.220"}]

    found = said_against(loadBalancerPool=spans)

    assert found == ["loadBalancerPool.1: 172.30.0.210-172.30.0.220 overlaps 172.30.0.200-172.30.0.210"]


def test_an_unknown_name_is_told_with_near_ones() -> None:
    with pytest.raises(UsageError, match=r"unknown cluster 'lab-singel-node' \(did you mean lab-single-node"):
        cluster("lab-singel-node")


@settings(deadline=None)
@given(prefix=st.integers(16, 26), nodes=st.integers(1, 100), outside=st.integers(0, 8), share=st.integers(12, 26))
def test_what_is_accepted_gives_everybody_an_address_of_their_own(
    prefix: int, nodes: int, outside: int, share: int
) -> None:
    spec = ClusterSpec.model_validate(
        {
            "provider": "lab",
            "nodes": [{"name": f"n{index}"} for index in range(nodes)],
            "pod_ranges": [f"10.0.0.0/{share}"],
            "service_ranges": ["10.96.0.0/16"],
            "node_ranges": [f"172.16.0.0/{prefix}"],
            "outside": outside,
        }
    )
    if list(check(spec)):
        return
    made = layout(spec)
    addresses = [*made.fabric, *(address for node in made.nodes for address in node.addresses)]
    addresses += [address for client in made.outside for address in client.addresses]

    assert len(set(addresses)) == 1 + nodes + outside
    assert all(node.pod_ranges[0].subnet_of(spec.pod_ranges[0]) for node in made.nodes)  # type: ignore[arg-type]

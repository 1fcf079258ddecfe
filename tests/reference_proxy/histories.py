"""Histories of a cluster, each as the states that a proxy sees in turn: together they show every fault of the proxy."""

from dataclasses import replace
from functools import reduce

from svcproof.reference_proxy.selection import OTHER_PROXY
from svcproof.reference_proxy.state import Policy, ServicePort, ServiceProtocol, State
from tests.reference_proxy.bench import NODE
from tests.reference_proxy.samples import TCP, UDP, endpoint, merged, slice_of, state

HERE, ALSO_HERE, THERE = endpoint("pod-1"), endpoint("pod-2"), endpoint("10.244.2.1", node="node-b")
UNREADY = replace(HERE, ready=False, serving=False)
DRAINING = replace(HERE, ready=False, terminating=True)
NODE_PORT = {"type": "NodePort", "ports": (replace(TCP, node_port=30080),)}
VIPS = {"type": "LoadBalancer", "load_balancer_ips": ("198.51.100.8", "198.51.100.9")}
LOCAL = {"external_policy": Policy.LOCAL}
GUARDED = {**VIPS, "source_ranges": ("172.30.0.101/32",)}
HEALTH = {**VIPS, **LOCAL, "health_check_port": 30999}
EXTERNAL = {"external_ips": ("198.51.100.20",)}
OTHER = {"name": "other", "cluster_ips": ("10.96.0.11",)}
NOTHING = State(node=NODE)
TWO_NAMED = (replace(TCP, name="a"), ServicePort("b", ServiceProtocol.TCP, 81))

LONG_NAMED = (replace(TCP, name="long-name-a"), ServicePort("long-name-b", ServiceProtocol.TCP, 81))


def _hinted(zone: str) -> frozenset[str]:
    return frozenset({zone})


HISTORIES: tuple[tuple[State, ...], ...] = (
    (state(HERE, **NODE_PORT),),
    (state(THERE, **NODE_PORT, internal_policy=Policy.LOCAL),),
    (state(HERE, THERE, internal_policy=Policy.LOCAL), state(HERE, THERE)),
    (state(HERE, ports=(UDP,)),),
    (state(HERE, **{**VIPS, "ports": NODE_PORT["ports"]}),),
    (state(HERE, **VIPS),),
    (state(HERE),),
    (NOTHING, state(HERE)),
    (state(THERE),),
    (state(HERE), state(HERE, THERE)),
    (state(THERE, internal_policy=Policy.LOCAL),),
    (state(HERE, ports=(UDP,), affinity=10),),
    (state(HERE, THERE, affinity=10),),
    (state(HERE, affinity=10), state(HERE, THERE, affinity=10)),
    (state(HERE), merged(state(HERE), state(HERE, **OTHER))),
    (state(HERE, labels=frozenset({OTHER_PROXY})),),
    (state(HERE, affinity=10),),
    (state(HERE, affinity=120),),
    (state(HERE, **NODE_PORT, **LOCAL),),
    (state(THERE, **NODE_PORT, **LOCAL),),
    (state(HERE, THERE, internal_policy=Policy.LOCAL),),
    (state(HERE, **GUARDED),),
    (state(HERE, **{**EXTERNAL, "source_ranges": ("172.30.0.101/32",)}),),
    (state(HERE, ports=TWO_NAMED),),
    (state(HERE, slices=(slice_of(HERE), slice_of(THERE, name="web-2"))),),
    (state(HERE, **EXTERNAL),),
    (state(type="ExternalName", cluster_ips=()), state(HERE)),
    (state(HERE, labels=frozenset({OTHER_PROXY})), state(HERE)),
    (state(HERE), state(HERE, affinity=10)),
    (state(HERE, **VIPS), state(HERE, **GUARDED)),
    (state(HERE, **EXTERNAL), state(HERE)),
    (state(HERE, **VIPS), state(HERE)),
    (state(HERE), NOTHING, state(HERE)),
    (state(HERE, THERE), state(HERE)),
    (state(HERE), state(THERE)),
    (state(HERE), state(replace(HERE, port=8081))),
    (state(UNREADY, THERE),),
    (state(replace(HERE, serving=False)),),
    (state(DRAINING),),
    (state(DRAINING, THERE),),
    (state(HERE, replace(HERE, port=8081)),),
    (state(slices=(slice_of(HERE), slice_of(UNREADY, name="web-2"))),),
    (state(replace(UNREADY, zones=_hinted("zone-a")), replace(THERE, zones=_hinted("zone-b"))),),
    (state(replace(HERE, zones=_hinted("zone-a")), replace(THERE, zones=_hinted("zone-b"))),),
    (state(HERE, ports=(TCP, UDP)),),
    (replace(state(HERE, **NODE_PORT), node=replace(NODE, name="node-b")),),
    (state(**EXTERNAL),),
    (state(HERE, external_ips=("2001:db8::1",)),),
    (state(endpoint(NODE.addresses[0]), **NODE_PORT),),
    (state(HERE, THERE, **NODE_PORT, **LOCAL),),
    (state(THERE, **EXTERNAL, **LOCAL),),
    (state(HERE, **VIPS), NOTHING),
    (state(HERE), NOTHING),
    (state(HERE, ports=TWO_NAMED), state(HERE, ports=TWO_NAMED[1:])),
    (state(HERE, **NODE_PORT), state(HERE)),
    (state(HERE, THERE, **NODE_PORT), state(HERE, **NODE_PORT)),
    (
        merged(state(HERE, **VIPS), state(HERE, **VIPS, **OTHER, ports=TWO_NAMED[1:])),
        state(HERE, **VIPS),
    ),
    (state(HERE, **NODE_PORT), state(HERE, **NODE_PORT, **LOCAL)),
    (state(HERE, THERE),),
    (state(),),
    (state(HERE, external_ips=("172.30.0.12",)),),
    (state(HERE, type="LoadBalancer", load_balancer_ips=("172.30.0.12",), **LOCAL),),
    (state(THERE, **NODE_PORT),),
    (state(THERE, **VIPS, **LOCAL),),
    (merged(state(HERE, **GUARDED), state(HERE, **OTHER, type="LoadBalancer", load_balancer_ips=("198.51.100.10",))),),
    (state(DRAINING, **NODE_PORT, **LOCAL),),
    (state(HERE, ALSO_HERE, **VIPS, affinity=10),),
    (state(HERE, ALSO_HERE, **EXTERNAL, affinity=10),),
    tuple(replace(one, node=replace(NODE, name="node-b")) for one in (state(HERE), NOTHING)),
    (state(HERE, THERE, ports=(UDP,)),),
    (state(HERE, THERE, **EXTERNAL),),
    (state(THERE, **VIPS, **LOCAL, ports=(UDP,)),),
    (state(HERE, ports=(replace(TCP, port=65535),)),),
    (state(HERE, **VIPS, source_ranges=("172.30.0.101/32", "172.30.0.102/32")),),
    (state(HERE, **VIPS, source_ranges=("172.30.0.0/24",)),),
    (
        merged(
            state(HERE, **GUARDED),
            state(
                HERE, **OTHER, **{**VIPS, "load_balancer_ips": ("198.51.100.10",)}, source_ranges=("172.30.0.102/32",)
            ),
        ),
    ),
    (state(HERE, **GUARDED, ports=(UDP,)),),
    (merged(state(HERE), state(THERE, namespace="other", cluster_ips=("10.96.0.11",))),),
    (state(HERE, ALSO_HERE, **NODE_PORT, **LOCAL, affinity=10),),
    (state(HERE, THERE, affinity=10), state(UNREADY, THERE, affinity=10)),
    (state(HERE, THERE), state(THERE)),
    (state(HERE, ports=(UDP,)), state(THERE, ports=(UDP,))),
    (
        state(HERE, ports=(replace(UDP, node_port=30080),)),
        state(THERE, ports=(replace(UDP, node_port=30080),)),
    ),
    (state(HERE, ports=(UDP,)), state(ports=(UDP,))),
    tuple(state(*ends, ports=(UDP,), internal_policy=Policy.LOCAL) for ends in ((THERE,), (HERE, THERE))),
    tuple(state(replace(HERE, ready=ready, zones=_hinted("zone-a")), THERE) for ready in (True, False)),
    (state(HERE, THERE, affinity=10), state(DRAINING, THERE, affinity=10)),
    (state(HERE), merged(state(HERE), state(HERE, THERE, **OTHER))),
    (merged(state(HERE, **NODE_PORT), state(HERE, type="NodePort", ports=(replace(TCP, node_port=30081),), **OTHER)),),
    (state(ports=(UDP,)), state(HERE, ports=(UDP,))),
    (state(HERE, **HEALTH),),
    (state(HERE, **HEALTH), state(THERE, **HEALTH)),
    (state(HERE, **HEALTH), NOTHING),
    (state(HERE, **HEALTH), state(UNREADY, **HEALTH)),
    (state(HERE, **HEALTH), state(HERE, **{**HEALTH, "health_check_port": 30998})),
    (state(HERE, **HEALTH), state(replace(HERE, node=""), **HEALTH)),
    (state(DRAINING, **HEALTH),),
    (state(HERE, **EXTERNAL), state(HERE, **EXTERNAL, **LOCAL)),
    (state(HERE, **VIPS), state(HERE, **VIPS, **LOCAL)),
    (state(HERE, **NODE_PORT), state(HERE, **NODE_PORT, affinity=10)),
    (state(HERE, **EXTERNAL), state(HERE, **EXTERNAL, affinity=10)),
    (state(HERE, **VIPS), state(HERE, **VIPS, affinity=10)),
    (state(HERE, affinity=10), state(HERE, affinity=20)),
    (state(HERE, THERE, affinity=10, internal_policy=Policy.LOCAL),),
    (state(HERE, THERE, **EXTERNAL), state(HERE, **EXTERNAL)),
    (state(HERE, THERE, **VIPS), state(HERE, **VIPS)),
    (state(HERE), state(HERE, **NODE_PORT)),
    (state(HERE), state(HERE, **EXTERNAL)),
    (state(HERE), state(HERE, ports=TWO_NAMED)),
    (state(HERE, **GUARDED), state(HERE, **VIPS)),
    (state(HERE), state(UNREADY)),
    (state(HERE, THERE), state(replace(HERE, zones=_hinted("zone-a")), replace(THERE, zones=_hinted("zone-b")))),
    tuple(
        replace(
            state(replace(HERE, zones=_hinted("zone-a")), replace(THERE, zones=_hinted("zone-b"))),
            node=replace(NODE, zone=zone),
        )
        for zone in ("zone-a", "zone-b")
    ),
    (
        replace(state(HERE, **NODE_PORT), node=replace(NODE, addresses=NODE.addresses[:1])),
        replace(state(HERE, **NODE_PORT), node=replace(NODE, addresses=(*NODE.addresses[:1], "192.0.2.9"))),
    ),
    (
        merged(state(HERE, slices=(slice_of(HERE, name="moving-1"),)), state(**OTHER)),
        merged(state(slices=()), state(**OTHER, slices=(slice_of(HERE, service="shop/other", name="moving-1"),))),
    ),
    (merged(state(HERE, THERE), state(HERE, **OTHER)), state(HERE, THERE)),
    (merged(state(HERE), state(HERE, **{**OTHER, "name": "web-2"})), state(HERE, **{**OTHER, "name": "web-2"})),
    (merged(state(HERE), state(HERE, **{**OTHER, "name": "web", "namespace": "bar"})), state(HERE)),
    (
        merged(state(HERE, **EXTERNAL), state(HERE, **OTHER, **EXTERNAL, ports=(UDP,))),
        state(HERE, **EXTERNAL),
    ),
    (
        merged(state(HERE), state(THERE, name="kubernetes", namespace="default", cluster_ips=("10.96.0.1",))),
        state(THERE, name="kubernetes", namespace="default", cluster_ips=("10.96.0.1",)),
    ),
    (merged(state(HERE, **EXTERNAL), state(HERE, **OTHER, **EXTERNAL, ports=TWO_NAMED[1:])),),
    (state(slices=(slice_of(HERE, port=TWO_NAMED[0]), slice_of(THERE, port=TWO_NAMED[1])), ports=TWO_NAMED),),
    (merged(state(HERE, name="a-long-name-1"), state(THERE, name="a-long-name-2", cluster_ips=("10.96.0.11",))),),
    (state(replace(THERE, node=""), **NODE_PORT, **LOCAL),),
    (state(replace(HERE, ready=False), THERE),),
    (state(replace(HERE, ready=False, serving=False, terminating=True), THERE),),
    (state(UNREADY),),
    (state(*(replace(HERE, port=port) for port in range(8080, 8095))),),
    (state(HERE, ports=tuple(ServicePort(f"p{port}", ServiceProtocol.TCP, port) for port in range(80, 100))),),
    (state(HERE, **VIPS, source_ranges=tuple(f"172.30.{n}.0/24" for n in range(20))),),
    (state(HERE, external_ips=("198.51.100.20", "198.51.100.21")),),
    (state(HERE, ports=(UDP,), **VIPS), state(THERE, ports=(UDP,), **VIPS)),
    (state(HERE, ports=(UDP,), **EXTERNAL), state(THERE, ports=(UDP,), **EXTERNAL)),
    (state(HERE, ports=(UDP,)), NOTHING),
    (state(HERE, THERE, ports=(UDP,)), state(replace(HERE, ready=False), THERE, ports=(UDP,))),
    (state(HERE, THERE, ports=(UDP,)), state(HERE, THERE, ports=(UDP,), internal_policy=Policy.LOCAL)),
    tuple(state(end) for end in (HERE, THERE) * 5),
    (merged(state(HERE, ports=(UDP,)), state(THERE, ports=(UDP,), **OTHER)), state(HERE, ports=(UDP,))),
    (merged(state(HERE, ports=(UDP,)), state(THERE, ports=(TCP,), **OTHER)), state(HERE, ports=(UDP,))),
    (merged(state(HERE, **NODE_PORT), state(HERE, type="NodePort", ports=(replace(TCP, node_port=30081),), **OTHER)),),
    (
        merged(state(HERE, THERE, internal_policy=Policy.LOCAL), state(HERE, **OTHER)),
        state(HERE, THERE, internal_policy=Policy.LOCAL),
    ),
    (state(HERE), state(THERE, **{**OTHER, "cluster_ips": ("10.96.0.10",)})),
    (state(HERE, ports=(UDP,)), state(THERE, **{**OTHER, "cluster_ips": ("10.96.0.10",)}, ports=(UDP,))),
    tuple(
        state(slices=(slice_of(HERE, port=TWO_NAMED[0]), slice_of(THERE, port=TWO_NAMED[1], name="web-2")), ports=ports)
        for ports in (TWO_NAMED, (replace(TCP, name="b"), replace(TWO_NAMED[1], name="a")))
    ),
    (state(HERE), state(), state(internal_policy=Policy.LOCAL), state(THERE, internal_policy=Policy.LOCAL)),
    (NOTHING, replace(NOTHING, slices=state(HERE).slices), state(HERE)),
    (
        state(slices=(slice_of(HERE), slice_of(HERE, name="web-2"))),
        state(slices=(slice_of(HERE),)),
    ),
    (
        merged(
            state(HERE, namespace="shop-a", name="b", slices=(slice_of(HERE, service="shop-a/b"),)),
            state(THERE, name="a-b", cluster_ips=("10.96.0.11",), slices=(slice_of(THERE, service="shop/a-b"),)),
        ),
    ),
    (
        state(
            slices=(slice_of(HERE, port=LONG_NAMED[0]), slice_of(THERE, port=LONG_NAMED[1], name="web-2")),
            ports=LONG_NAMED,
        ),
    ),
    (state(replace(HERE, port=65535)),),
    (state(HERE, **VIPS, source_ranges=("172.30.0.0/16", "172.30.0.101/32")),),
    (state(HERE, **VIPS, source_ranges=("0.0.0.0/0",)),),
    (state(HERE, affinity=86400),),
    (state(HERE, THERE, ports=(UDP,), affinity=10), state(UNREADY, THERE, ports=(UDP,), affinity=10)),
    (merged(state(HERE, affinity=10), state(THERE, **OTHER, affinity=10)),),
    (state(replace(HERE, zones=_hinted("zone-b")), **NODE_PORT, **LOCAL),),
    (state(replace(HERE, nodes=_hinted(NODE.name)), replace(THERE, nodes=_hinted("node-b"))),),
    (
        merged(state(HERE, **HEALTH), state(HERE, **OTHER, **{**HEALTH, "health_check_port": 30998})),
        state(HERE, **HEALTH),
    ),
    (reduce(merged, (state(HERE, name=f"web-{n}", cluster_ips=(f"10.96.1.{n}",)) for n in range(70))),),
    (state(HERE, THERE, **NODE_PORT), state(HERE, THERE, **NODE_PORT), state(HERE, **NODE_PORT)),
    (
        merged(
            state(HERE, slices=(slice_of(HERE),)),
            state(
                THERE, namespace="other", cluster_ips=("10.96.0.11",), slices=(slice_of(THERE, service="other/web"),)
            ),
        ),
    ),
    (state(HERE, ports=(TCP, ServicePort("sctp", ServiceProtocol.SCTP, 80))),),
    (state(HERE, **VIPS, external_ips=VIPS["load_balancer_ips"]), state(HERE, external_ips=VIPS["load_balancer_ips"])),
    tuple(
        replace(one, node=replace(NODE, name="node-c"))
        for one in (state(HERE, ports=(UDP,)), state(THERE, ports=(UDP,)))
    ),
    (state(*(replace(HERE, port=port) for port in range(8000, 8070))),),
)

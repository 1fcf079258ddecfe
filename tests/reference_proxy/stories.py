"""For each mutation of the proxy, what a cluster goes through that brings it to light."""

from dataclasses import replace

from svcproof.reference_proxy.selection import OTHER_PROXY
from svcproof.reference_proxy.state import Policy, Protocol, ServicePort, State
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
TWO_NAMED = (replace(TCP, name="a"), ServicePort("b", Protocol.TCP, 81))


def _hinted(zone: str) -> frozenset[str]:
    return frozenset({zone})


STORIES: dict[str, tuple[State, ...]] = {
    "some-connections-lost": (state(HERE, **NODE_PORT),),
    "etp-cluster-as-local": (state(HERE, **NODE_PORT),),
    "etp-cluster-source-kept": (state(HERE, **NODE_PORT),),
    "itp-local-limits-node-ports": (state(THERE, **NODE_PORT, internal_policy=Policy.LOCAL),),
    "nodeport-on-loopback": (state(HERE, **NODE_PORT),),
    "itp-flip-ignored": (state(HERE, THERE, internal_policy=Policy.LOCAL), state(HERE, THERE)),
    "udp-not-served": (state(HERE, ports=(UDP,)),),
    "nodeport-service-lacks-cluster-ip": (state(HERE, **NODE_PORT),),
    "lb-service-lacks-nodeport": (state(HERE, **{**VIPS, "ports": NODE_PORT["ports"]}),),
    "lb-service-lacks-cluster-ip": (state(HERE, **VIPS),),
    "target-port-shifted": (state(HERE),),
    "created-service-not-served": (NOTHING, state(HERE)),
    "itp-cluster-as-local": (state(THERE),),
    "missed-watch-event-never-reconciled": (state(HERE), state(HERE, THERE)),
    "no-local-endpoint-refused": (state(THERE, internal_policy=Policy.LOCAL),),
    "clusterip-closed-to-outside": (state(HERE),),
    "undeclared-ports-forwarded": (state(HERE),),
    "affinity-for-tcp-only": (state(HERE, ports=(UDP,), affinity=10),),
    "affinity-one-endpoint-for-all-clients": (state(HERE, THERE, affinity=10),),
    "affinity-lost-on-update": (state(HERE, affinity=10), state(HERE, THERE, affinity=10)),
    "burst-create-subset-of-services": (state(HERE), merged(state(HERE), state(HERE, **OTHER))),
    "endpoints-never-added": (state(HERE), state(HERE, THERE)),
    "service-proxy-name-ignored": (state(HERE, labels=frozenset({OTHER_PROXY})),),
    "affinity-ignored": (state(HERE, affinity=10),),
    "affinity-seconds-as-minutes": (state(HERE, affinity=120),),
    "affinity-timeout-hardcoded": (state(HERE, affinity=120),),
    "etp-local-ignored-everywhere": (state(HERE, **NODE_PORT, **LOCAL),),
    "etp-local-removes-clusterip": (state(THERE, **NODE_PORT, **LOCAL),),
    "itp-local-ignored": (state(HERE, THERE, internal_policy=Policy.LOCAL),),
    "local-detection-by-hostname": (state(HERE, **NODE_PORT, **LOCAL),),
    "lbsr-never-enforced": (state(HERE, **GUARDED),),
    "first-port-only": (state(HERE, ports=TWO_NAMED),),
    "first-slice-only": (state(HERE, slices=(slice_of(HERE), slice_of(THERE, name="web-2"))),),
    "external-ips-ignored": (state(HERE, **EXTERNAL),),
    "load-balancer-ips-ignored": (state(HERE, **VIPS),),
    "externalname-to-clusterip-dead": (state(type="ExternalName", cluster_ips=()), state(HERE)),
    "proxy-name-label-removal-missed": (state(HERE, labels=frozenset({OTHER_PROXY})), state(HERE)),
    "affinity-toggle-ignored": (state(HERE), state(HERE, affinity=10)),
    "lbsr-edit-ignored": (state(HERE, **VIPS), state(HERE, **GUARDED)),
    "externalip-removed-still-served": (state(HERE, **EXTERNAL), state(HERE)),
    "lb-vip-survives-type-change": (state(HERE, **VIPS), state(HERE)),
    "lb-recreate-same-name-fails": (state(HERE), NOTHING, state(HERE)),
    "lb-never-removes-endpoints": (state(HERE, THERE), state(HERE)),
    "same-count-means-unchanged": (state(HERE), state(THERE)),
    "targetport-edit-keeps-old-backends": (state(HERE), state(replace(HERE, port=8081))),
    "unready-endpoints-selected": (state(UNREADY, THERE),),
    "publish-not-ready-not-served": (state(replace(HERE, serving=False)),),
    "no-fallback-to-serving-terminating": (state(DRAINING),),
    "terminating-as-good-as-ready": (state(DRAINING, THERE),),
    "dedupe-endpoints-by-ip": (state(HERE, replace(HERE, port=8081)),),
    "duplicate-endpoint-stale-slice-wins": (state(slices=(slice_of(HERE), slice_of(UNREADY, name="web-2"))),),
    "hints-only-on-unready-blackhole": (
        state(replace(UNREADY, zones=_hinted("zone-a")), replace(THERE, zones=_hinted("zone-b"))),
    ),
    "topology-hints-ignored": (state(replace(HERE, zones=_hinted("zone-a")), replace(THERE, zones=_hinted("zone-b"))),),
    "tcp-udp-same-port-one-lost": (state(HERE, ports=(TCP, UDP)),),
    "nodeport-closed-on-some-nodes": (replace(state(HERE, **NODE_PORT), node=replace(NODE, name="node-b")),),
    "externalip-without-endpoints-panics": (state(**EXTERNAL),),
    "wrong-family-ip-wedges-proxy": (state(HERE, external_ips=("2001:db8::1",)),),
    "service-port-used-as-target": (state(HERE),),
    "nodeport-hostnetwork-backend-unreachable": (state(endpoint(NODE.addresses[0]), **NODE_PORT),),
    "etp-local-nodeport-all-endpoints": (state(HERE, THERE, **NODE_PORT, **LOCAL),),
    "etp-local-not-applied-to-externalips": (state(THERE, **EXTERNAL, **LOCAL),),
    "itp-local-falls-back-to-remote": (state(THERE, internal_policy=Policy.LOCAL),),
    "lb-vip-survives-service-delete": (state(HERE, **VIPS), NOTHING),
    "deleted-service-still-served": (state(HERE), NOTHING),
    "removed-service-port-still-open": (state(HERE, ports=TWO_NAMED), state(HERE, ports=TWO_NAMED[1:])),
    "nodeport-survives-type-change": (state(HERE, **NODE_PORT), state(HERE)),
    "nodeport-keeps-removed-endpoint": (state(HERE, THERE, **NODE_PORT), state(HERE, **NODE_PORT)),
    "shared-vip-unbound-on-delete": (
        merged(state(HERE, **VIPS), state(HERE, **VIPS, **OTHER, ports=TWO_NAMED[1:])),
        state(HERE, **VIPS),
    ),
    "etp-flip-cluster-to-local-breaks": (state(HERE, **NODE_PORT), state(HERE, **NODE_PORT, **LOCAL)),
    "only-first-endpoint-used": (state(HERE, THERE),),
    "source-hash-without-affinity": (state(HERE, THERE),),
    "noep-syn-swallowed": (state(),),
    "undeclared-port-hangs": (state(HERE),),
    "host-ports-leak-via-clusterip": (state(HERE),),
    "externalip-hijacks-node-address": (state(HERE, external_ips=("172.30.0.12",)),),
    "host-client-cannot-reach-clusterip": (state(HERE),),
    "nodeport-dead-from-host": (state(HERE, **NODE_PORT),),
    "nodeport-pod-client-no-snat": (state(THERE, **NODE_PORT),),
    "clusterip-source-masqueraded": (state(HERE),),
    "etp-local-source-masqueraded": (state(HERE, **NODE_PORT, **LOCAL),),
    "etp-local-lbip-from-pod-dropped": (state(THERE, **VIPS, **LOCAL),),
    "etp-local-nodeport-incluster-dropped": (state(THERE, **NODE_PORT, **LOCAL),),
    "lbsr-blocks-other-services": (
        merged(state(HERE, **GUARDED), state(HERE, **OTHER, type="LoadBalancer", load_balancer_ips=("198.51.100.10",))),
    ),
    "lbsr-second-vip-dropped": (state(HERE, **GUARDED),),
    "no-local-fallback-to-terminating": (state(DRAINING, **NODE_PORT, **LOCAL),),
    "affinity-not-at-load-balancer": (state(HERE, ALSO_HERE, **VIPS, affinity=10),),
    "affinity-not-at-external-ip": (state(HERE, ALSO_HERE, **EXTERNAL, affinity=10),),
    "udp-fragments-lost": (state(HERE, ports=(UDP,)),),
    "removals-missed-on-some-nodes": tuple(
        replace(one, node=replace(NODE, name="node-b")) for one in (state(HERE), NOTHING)
    ),
    "changes-cut-open-tcp": (state(HERE), merged(state(HERE), state(HERE, **OTHER))),
    "connections-lost-in-bursts": (state(HERE),),
    "udp-first-endpoint-only": (state(HERE, THERE, ports=(UDP,)),),
    "externalip-first-endpoint-only": (state(HERE, THERE, **EXTERNAL),),
    "etp-local-ignored-for-lb-udp": (state(THERE, **VIPS, **LOCAL, ports=(UDP,)),),
    "high-ports-not-served": (state(HERE, ports=(replace(TCP, port=65535),)),),
    "lbsr-first-range-only": (state(HERE, **VIPS, source_ranges=("172.30.0.101/32", "172.30.0.102/32")),),
    "lbsr-as-single-addresses": (state(HERE, **VIPS, source_ranges=("172.30.0.0/24",)),),
    "lbsr-shared-by-all-services": (
        merged(
            state(HERE, **GUARDED),
            state(
                HERE, **OTHER, **{**VIPS, "load_balancer_ips": ("198.51.100.10",)}, source_ranges=("172.30.0.102/32",)
            ),
        ),
    ),
    "lbsr-closes-cluster-ip": (state(HERE, **GUARDED),),
    "lbsr-for-tcp-only": (state(HERE, **GUARDED, ports=(UDP,)),),
    "namespaces-ignored": (merged(state(HERE), state(THERE, namespace="other", cluster_ips=("10.96.0.11",))),),
    "affinity-lost-with-etp-local": (state(HERE, ALSO_HERE, **NODE_PORT, **LOCAL, affinity=10),),
    "hairpin-clusterip-fails": (state(HERE),),
    "affinity-pins-unready-endpoint": (state(HERE, THERE, affinity=10), state(UNREADY, THERE, affinity=10)),
    "endpoint-removal-kills-open-tcp": (state(HERE, THERE), state(THERE)),
    "udp-flow-sticks-to-dead-backend": (state(HERE, ports=(UDP,)), state(THERE, ports=(UDP,))),
    "udp-nodeport-not-flushed": (
        state(HERE, ports=(replace(UDP, node_port=30080),)),
        state(THERE, ports=(replace(UDP, node_port=30080),)),
    ),
    "udp-scale-to-zero-keeps-sending": (state(HERE, ports=(UDP,)), state(ports=(UDP,))),
    "udp-blackhole-zero-to-one": (state(ports=(UDP,)), state(HERE, ports=(UDP,))),
    "hcnp-not-served": (state(HERE, **HEALTH),),
    "hcnp-200-without-local": (state(HERE, **HEALTH), state(THERE, **HEALTH)),
    "hcnp-200-after-delete": (state(HERE, **HEALTH), NOTHING),
    "hcnp-counts-terminating": (state(DRAINING, **HEALTH),),
}

"""The fields of a Service that say at which addresses it is served: its type, externalIPs, its status, its labels."""

from svcproof import Feature

from ..clauses import IN_STEP, LABELS, SERVICE, SERVICE_API
from ..load_balancer.sharing import BY_HAND
from .field import EVERY_ADDRESS, LOST, SLUGS, Field, ignored
from .ports import AS_BEGUN
from .scene import address, begun
from .verbs import ingress, metadata, named, several, spec

OTHER_PROXY = "service.kubernetes.io/service-proxy-name"
BALANCED = several(spec(**BY_HAND), ingress(address("balanced")))
FIRST = begun("externalIPs", 0)
SECOND, THIRD = address("second"), address("third")
NAMED = spec(type="ExternalName", externalName="db.example.com", clusterIP=None, clusterIPs=None)
ROWS = (
    Field(
        id="type_edited",
        path="Service spec.type",
        when="a live Service's type changes between ClusterIP, NodePort and LoadBalancer, each to each other",
        edits=(
            BALANCED,
            spec(type="NodePort"),
            spec(type="ClusterIP"),
            spec(type="NodePort"),
            BALANCED,
            spec(type="ClusterIP"),
            BALANCED,
        ),
        because="The type says how a Service is published: each is built on the one before, and serves what that does.",
        claim={"spec": SERVICE + "#publishing-services-service-types"},
        faults=ignored("type", "node_port", "load_balancer_address", lost=("cluster_ip", "external_ip")),
    ),
    Field(
        id="external_name_given_and_taken",
        path="Service spec.type ExternalName, spec.clusterIP",
        when="a live Service becomes one of type ExternalName, and what it was before",
        edits=(NAMED, named),
        because="A Service of type ExternalName has no address of its own, and one of another type has.",
        claim={"spec": SERVICE + "#externalname"},
        faults=ignored("type"),
    ),
    Field(
        id="external_ips_edited",
        path="Service spec.externalIPs",
        when="a live Service is given an externalIP, loses one, has it exchanged, has none and has the first back",
        edits=(
            spec(externalIPs=[FIRST, SECOND]),
            spec(externalIPs=[SECOND]),
            spec(externalIPs=[THIRD]),
            spec(externalIPs=None),
            spec(externalIPs=[FIRST]),
        ),
        because="Traffic for an externalIP that a Service has is routed to its endpoints.",
        claim={"spec": SERVICE + "#external-ips"},
        faults=ignored("external-ips", "external_ip", back=True),
    ),
    Field(
        id="load_balancer_status_edited",
        path="Service status.loadBalancer.ingress",
        when="a live Service's load balancer gives it a second address, takes the first, exchanges one and takes all",
        edits=(
            ingress(address("one"), SECOND),
            ingress(SECOND),
            ingress(THIRD),
            ingress(),
            ingress(address("one")),
        ),
        because="The status names the addresses of the load balancer; one that it no longer names is nobody's.",
        claim={"spec": SERVICE_API + "#ServiceStatus"},
        faults=ignored("status", "load_balancer_address", back=True),
    ),
    Field(
        id="ip_mode_edited",
        path="Service status.loadBalancer.ingress[].ipMode",
        when="the ipMode of a live Service's address becomes Proxy and VIP again",
        edits=(
            ingress(address("one")),
            ingress(address("one"), mode="Proxy"),
            ingress(address("one")),
        ),
        because="Traffic for an address of mode VIP arrives at nodes with it, and is led to an endpoint.",
        claim={"spec": SERVICE + "#load-balancer-ip-mode", "kep": 1860, "since": "1.32"},
        faults=ignored("status", "load_balancer_address"),
    ),
    Field(
        id="load_balancer_node_ports_edited",
        path="Service spec.allocateLoadBalancerNodePorts",
        when="a live Service of type LoadBalancer gives its node ports up and has some again",
        begin=BY_HAND,
        edits=(
            several(spec(allocateLoadBalancerNodePorts=False), AS_BEGUN),
            spec(allocateLoadBalancerNodePorts=True),
        ),
        because="Whether a Service of type LoadBalancer has node ports may change, and it is served at those it has.",
        claim={
            "spec": SERVICE + "#load-balancer-nodeport-allocation",
            "kep": 1864,
            "since": "1.24",
            "requires": {Feature.LOAD_BALANCER},
        },
        faults=ignored("ports", "node_port"),
    ),
    Field(
        id="proxy_name_edited",
        path="Service metadata.labels service.kubernetes.io/service-proxy-name",
        when="a live Service is labelled for another proxy and the label is taken off",
        edits=(metadata(labels={OTHER_PROXY: "another"}), metadata(labels={OTHER_PROXY: None})),
        because="The label is heeded as it is now: kube-proxy leaves the Service alone, and serves it when it is gone.",
        claim={
            "spec": LABELS + "#servicekubernetesioservice-proxy-name",
            "otherwise": "A proxy other than kube-proxy, for which KEP-2447 leaves the label optional.",
            "requires": {Feature.SERVICE_PROXY_NAME},
            "kep": 2447,
            "since": "1.14",
        },
        faults=ignored("label", back=True),
    ),
    Field(
        id="labels_edited",
        path="Service metadata.labels, metadata.annotations",
        when="a live Service is given labels and annotations that say nothing to a proxy, and loses them",
        edits=(
            metadata(labels={"example.com/colour": "blue"}, annotations={"example.com/colour": "blue"}),
            metadata(labels={"example.com/colour": None}, annotations={"example.com/colour": None}),
        ),
        because=IN_STEP,
        faults={place: {f"{LOST}-at-{SLUGS[place]}"} for place in EVERY_ADDRESS},
    ),
)

"""EndpointSlices: which belong to a Service's port, and odd ones."""

from dataclasses import replace

from svcproof.model.probe import Protocol
from svcproof.promise.services import HEADLESS, OTHER_PROXY
from svcproof.promise.world import Endpoint, Policy, Port, SlicePort
from tests.promise.scene import CLUSTER_IP, SECOND_IP, endpoints, pod_address, slices, web, world
from tests.promise.table import Table

SOME = ["pod a", "host b", "outside"]
FEW = ["cluster ip", "node port b", "balancer"]
DUAL = web(cluster_ips=(CLUSTER_IP, SECOND_IP))
SIX = slices("", name="web-6", address_type="IPv6", endpoints=endpoints("a2 c1", 6))
TWO_PORTS = web(
    ports=(
        Port(name="http", port=80),
        Port(name="more", port=81),
        Port(name="http", protocol=Protocol.UDP, port=80),
    )
)
HTTP, MORE = SlicePort(name="http", port=8080), SlicePort(name="more", port=8081)
DATAGRAMS = SlicePort(name="http", protocol=Protocol.UDP, port=8081)
NOWHERE = Endpoint(addresses=(pod_address("b1"),))
SEVERAL = Endpoint(addresses=(pod_address("a1"), pod_address("a2")), node="node-a")
LOCAL = web(internal_policy=Policy.LOCAL, external_policy=Policy.LOCAL)

TABLES = (
    Table(
        "endpoints of all slices are served, each once",
        world(slices=slices("a1 b1") + slices("b1 c1", name="web-2")),
        """
                | cluster ip       | node port b     | balancer
        pod a   | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1
        host b  | always a1 b1 c1  | always a1 b1 c1 | always a1 b1 c1
        outside | open a1* b1* c1* | always a1 b1 c1 | always a1 b1 c1
        """,
    ),
    Table(
        "a slice of another namespace or another Service is none of this Service's",
        world(slices=slices("a1") + slices("b1", namespace="mall") + slices("c1", service="shop")),
        """
                | cluster ip | node port b | balancer
        pod a   | always a1  | always a1   | always a1
        host b  | always a1  | always a1   | always a1
        outside | open a1*   | always a1   | always a1
        """,
    ),
    Table(
        "endpoints of the family that is asked alone answer",
        world(services=[DUAL], slices=slices("a1 b1") + SIX),
        """
                | cluster ip   | fd00:96::10 80 | fd00::2 30080 | node port b
        pod a   | always a1 b1 | always a2 c1   | always a2 c1  | always a1 b1
        host b  | always a1 b1 | always a2 c1   | always a2 c1  | always a1 b1
        outside | open a1* b1* | open a2* c1*   | always a2 c1  | always a1 b1
        """,
    ),
    Table(
        "an address of the other family without endpoints of it leads to nobody",
        world(services=[DUAL], slices=slices("a1 b1")),
        """
                | cluster ip   | fd00:96::10 80 | fd00::2 30080
        pod a   | always a1 b1 | never, refused | never, refused
        host b  | always a1 b1 | never, refused | never, refused
        outside | open a1* b1* | never          | never, refused
        """,
    ),
    Table(
        "a slice of names serves nobody",
        world(slices=slices("a1", address_type="FQDN")),
        """
                | cluster ip     | node port b    | balancer
        pod a   | never, refused | never, refused | never, refused
        host b  | never, refused | never, refused | never, refused
        outside | never          | never, refused | never, refused
        """,
    ),
    Table(
        "ports are found by name and protocol",
        world(services=[TWO_PORTS], slices=slices("a1 b1", ports=(HTTP, MORE, DATAGRAMS))),
        """
                | cluster ip 80 | cluster ip 81          | cluster ip 80/udp      | cluster ip 80/http | cluster ip 81/udp
        pod a   | always a1 b1  | always a1:8081 b1:8081 | always a1:8081 b1:8081 | always a1 b1       | never
        host b  | always a1 b1  | always a1:8081 b1:8081 | always a1:8081 b1:8081 | always a1 b1       | never
        outside | open a1* b1*  | open a1:8081* b1:8081* | open a1:8081* b1:8081* | open a1* b1*       | never
        """,
    ),
    Table(
        "a slice that lacks a port has no endpoint for it, whatever others have",
        world(
            services=[TWO_PORTS], slices=slices("a1", ports=(HTTP,)) + slices("b1", name="web-2", ports=(HTTP, MORE))
        ),
        """
                | cluster ip 80 | cluster ip 81  | cluster ip 80/udp
        pod a   | always a1 b1  | always b1:8081 | never
        host b  | always a1 b1  | always b1:8081 | never
        outside | open a1* b1*  | open b1:8081*  | never
        """,
    ),
    Table(
        "a slice's port of another name is none of the Service's",
        world(slices=slices("a1", ports=(SlicePort(name="other", port=8080),))),
        """
                | cluster ip     | node port b    | balancer
        pod a   | never, refused | never, refused | never, refused
        host b  | never, refused | never, refused | never, refused
        outside | never          | never, refused | never, refused
        """,
    ),
    Table(
        "a slice without ports serves nobody",
        world(slices=slices("a1", ports=())),
        """
                | cluster ip     | node port b    | balancer
        pod a   | never, refused | never, refused | never, refused
        host b  | never, refused | never, refused | never, refused
        outside | never          | never, refused | never, refused
        """,
    ),
    Table(
        "a port without a number serves nobody, and hides nothing",
        world(slices=slices("a1", ports=(SlicePort(),)) + slices("b1", name="web-2")),
        """
                | cluster ip | node port b | balancer
        pod a   | always b1  | always b1   | always b1
        host b  | always b1  | always b1   | always b1
        outside | open b1*   | always b1   | always b1
        """,
    ),
    Table(
        "each slice has numbers of its own",
        world(slices=slices("a1") + slices("a1 b1", name="web-2", ports=(SlicePort(port=8081),))),
        """
                | cluster ip                 | node port b               | balancer
        pod a   | always a1 a1:8081 b1:8081  | always a1 a1:8081 b1:8081 | always a1 a1:8081 b1:8081
        host b  | always a1 a1:8081 b1:8081  | always a1 a1:8081 b1:8081 | always a1 a1:8081 b1:8081
        outside | open a1* a1:8081* b1:8081* | always a1 a1:8081 b1:8081 | always a1 a1:8081 b1:8081
        """,
    ),
    Table(
        "an endpoint without a node is used, and local to none",
        world(slices=slices("", endpoints=(*endpoints("a1"), NOWHERE))),
        """
                | cluster ip   | node port b  | balancer
        pod a   | always a1 b1 | always a1 b1 | always a1 b1
        host b  | always a1 b1 | always a1 b1 | always a1 b1
        outside | open a1* b1* | always a1 b1 | always a1 b1
        """,
    ),
    Table(
        "an endpoint without a node is not used with policy Local",
        world(services=[LOCAL], slices=slices("", endpoints=(*endpoints("a1"), NOWHERE))),
        """
                | cluster ip     | node port a   | node port b
        pod a   | always a1      | always a1 b1* | open a1* b1*
        host b  | never, dropped | always a1 b1* | open a1* b1*, dropped
        outside | open a1*       | always a1     | never, dropped
        """,
    ),
    Table(
        "an endpoint without an address is none",
        world(slices=slices("", endpoints=(*endpoints("a1"), Endpoint(addresses=(), node="node-b")))),
        """
                | cluster ip | node port b | balancer
        pod a   | always a1  | always a1   | always a1
        host b  | always a1  | always a1   | always a1
        outside | open a1*   | always a1   | always a1
        """,
    ),
    Table(
        "further addresses of an endpoint may be used",
        world(slices=slices("", endpoints=(SEVERAL,))),
        """
                | cluster ip    | node port b   | balancer
        pod a   | always a1 a2* | always a1 a2* | always a1 a2*
        host b  | always a1 a2* | always a1 a2* | always a1 a2*
        outside | open a1* a2*  | always a1 a2* | always a1 a2*
        """,
    ),
    Table(
        "a slice labelled headless may be ignored",
        world(slices=slices("a1") + slices("b1", name="web-2", labels={HEADLESS: ""})),
        """
                | cluster ip    | node port b   | balancer
        pod a   | always a1 b1* | always a1 b1* | always a1 b1*
        host b  | always a1 b1* | always a1 b1* | always a1 b1*
        outside | open a1* b1*  | always a1 b1* | always a1 b1*
        """,
    ),
    Table(
        "a slice labelled for another proxy may be ignored",
        world(slices=slices("a1", labels={OTHER_PROXY: "other"})),
        """
                | cluster ip        | node port b       | balancer
        pod a   | open a1*, refused | open a1*, refused | open a1*, refused
        host b  | open a1*, refused | open a1*, refused | open a1*, refused
        outside | open a1*          | open a1*, refused | open a1*, refused
        """,
    ),
    Table(
        "either of two slices may hold that disagree on an endpoint",
        world(slices=slices("a1 b1") + slices("a1-unready", name="web-2")),
        """
                | cluster ip    | node port b   | balancer
        pod a   | always a1* b1 | always a1* b1 | always a1* b1
        host b  | always a1* b1 | always a1* b1 | always a1* b1
        outside | open a1* b1*  | always a1* b1 | always a1* b1
        """,
    ),
    Table(
        "either of two slices may hold that disagree on a Service's only endpoint",
        world(slices=slices("a1-draining") + slices("a1-unready", name="web-2")),
        """
                | cluster ip        | node port b       | balancer
        pod a   | open a1*, refused | open a1*, refused | open a1*, refused
        host b  | open a1*, refused | open a1*, refused | open a1*, refused
        outside | open a1*          | open a1*, refused | open a1*, refused
        """,
    ),
    Table(
        "either of two slices may hold that disagree on four endpoints",
        world(slices=slices("a1 a2 a3 b1 c1") + slices("a1-gone a2-gone a3-odd b1-unready", name="web-2")),
        """
                | cluster ip                | node port b               | balancer
        pod a   | always a1* a2* a3* b1* c1 | always a1* a2* a3* b1* c1 | always a1* a2* a3* b1* c1
        host b  | always a1* a2* a3* b1* c1 | always a1* a2* a3* b1* c1 | always a1* a2* a3* b1* c1
        outside | open a1* a2* a3* b1* c1*  | always a1* a2* a3* b1* c1 | always a1* a2* a3* b1* c1
        """,
    ),
    Table(
        "two slices that disagree on the node of an endpoint",
        world(
            services=[LOCAL],
            slices=slices("a1") + slices("", name="web-2", endpoints=(replace(endpoints("a1")[0], node="node-b"),)),
        ),
        """
                | cluster ip        | node port a       | node port b       | node port c
        pod a   | open a1*, dropped | open a1*, dropped | open a1*          | open a1*
        host b  | open a1*, dropped | open a1*, dropped | open a1*, dropped | open a1*, dropped
        outside | open a1*          | open a1*, dropped | open a1*, dropped | never, dropped
        """,
    ),
)

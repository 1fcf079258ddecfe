"""The paths of probes in a cluster of three nodes and two clients outside, and what backends see at their ends."""

from dataclasses import dataclass
from random import Random

from svcproof.model.probe import Answer, Observation, Outcome, Protocol, Target

NODES = ("node-a", "node-b", "node-c")
NODE_ADDRESSES = {"node-a": "172.30.0.11", "node-b": "172.30.0.12", "node-c": "172.30.0.13"}
POD_ADDRESSES = {"node-a": "10.244.1.2", "node-b": "10.244.2.2", "node-c": "10.244.3.2"}
OUTSIDE = {"outside-1": "172.30.0.101", "outside-2": "172.30.0.102"}
PORTS = {Protocol.TCP: 8080, Protocol.UDP: 8080, Protocol.HTTP: 8090, Protocol.SCTP: 9090}


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who probes: a pod, a node or a client outside, whose node is empty."""

    name: str
    node: str
    address: str


CLIENTS = (
    *(Client(f"client-{node}", node, POD_ADDRESSES[node]) for node in NODES),
    *(Client(f"host-{node}", node, NODE_ADDRESSES[node]) for node in NODES),
    *(Client(name, "", address) for name, address in OUTSIDE.items()),
)


def target(random: Random) -> Target:
    """A ClusterIP, a node port, or an address of a load balancer."""
    protocol = random.choice(tuple(Protocol))
    return random.choice(
        (
            Target(f"10.96.{random.randrange(256)}.{random.randrange(1, 255)}", 80, protocol),
            Target(random.choice(tuple(NODE_ADDRESSES.values())), random.randrange(30000, 32768), protocol),
            Target(f"172.30.0.{random.randrange(200, 251)}", 80, protocol),
        )
    )


def observation(random: Random, client: Client, to: Target, outcome: Outcome) -> Observation:
    """One probe; of those that are answered, some are by a pod that saw the node's address in place of the client's."""
    node = random.choice(NODES)
    seen = client.address if random.random() < 0.7 else NODE_ADDRESSES[client.node or node]
    answer = Answer(
        pod=f"echo-{NODES.index(node)}",
        node=node,
        namespace="svcproof-4242-ab12-gw0",
        port=PORTS[to.protocol],
        protocol=to.protocol,
        source=seen,
        source_port=random.randrange(1024, 65536),
    )
    return Observation(
        vantage=client.name,
        node=client.node,
        target=to,
        outcome=outcome,
        seconds=round(random.uniform(0.0002, 0.004), 5) if outcome is Outcome.ANSWERED else 1.0,
        answer=answer if outcome is Outcome.ANSWERED else None,
        errno="ECONNREFUSED" if outcome is Outcome.REFUSED else None,
    )

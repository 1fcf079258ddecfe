"""The flows of a Service among all that a node tracks."""

from svcproof.evidence import conntrack
from svcproof.evidence.subject import Subject

OWN = (
    "tcp      6 86 TIME_WAIT src=10.244.2.9 dst=10.96.7.7 sport=40000 dport=80 src=10.244.0.9 dst=10.244.2.9 "
    "sport=8080 dport=40000 [ASSURED] mark=0 use=1"
)
BY_NODE_PORT = (
    "udp      17 20 src=172.30.0.101 dst=172.30.0.11 sport=4000 dport=30053 [UNREPLIED] src=10.244.0.9 dst=172.30.0.11 "
    "sport=5353 dport=1025 mark=0 use=1"
)
DIRECT = OWN.replace("dst=10.96.7.7 sport=40000 dport=80", "dst=10.244.0.9 sport=40000 dport=8080")
DIRECT_BY_ANOTHER = DIRECT.replace("10.244.2.9", "10.244.2.77")
BY_ANOTHER_SERVICE = OWN.replace("10.96.7.7", "10.96.7.70")
OTHER_PORT = OWN.replace("dport=80 ", "dport=81 ")
ICMP = "icmp     1 29 src=10.244.2.9 dst=10.96.7.7 type=8 code=0 id=1 src=10.96.7.7 dst=10.244.2.9 type=0 code=0 id=1"


def test_entries_are_those_of_the_services_ends_and_of_its_clients() -> None:
    subject = Subject(
        ends=frozenset({("10.96.7.7", 80), ("172.30.0.11", 30053)}),
        endpoints=frozenset({("10.244.0.9", 8080)}),
        clients=frozenset({"10.244.2.9"}),
    )
    entries = (OWN, BY_NODE_PORT, DIRECT, DIRECT_BY_ANOTHER, BY_ANOTHER_SERVICE, OTHER_PORT, ICMP)

    assert conntrack.of_subject("\n".join(entries), subject) == (OWN, BY_NODE_PORT, DIRECT)

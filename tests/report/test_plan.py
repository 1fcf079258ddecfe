import json

import pytest

from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.plan import Plan, plan
from svcproof.model.vocabulary import Capability
from svcproof.report.plan import as_json, described

LACKING = {Capability.TWO_NODES: "the lab has one node", Capability.SCTP: "the kernel has no SCTP"}


@pytest.fixture
def behaviours(behaviour):
    return (
        behaviour("usual"),
        behaviour("younger", kep=2086, since="1.26", area="traffic_policy"),
        behaviour("younger_too", kep=2086, since="1.26"),
        behaviour("later", binding="1.38"),
        behaviour("on_two_nodes", capabilities=frozenset({Capability.TWO_NODES}), kep=563, since="1.23"),
        behaviour("over_sctp", capabilities=frozenset({Capability.TWO_NODES, Capability.SCTP})),
    )


@pytest.fixture
def planned(behaviours) -> Plan:
    return plan(behaviours, LACKING)


def test_a_plan_says_what_would_be_checked_and_what_not_by_its_reason(planned, header):
    assert described(planned, header.cluster, header.proxy, 1).splitlines() == [
        "would be checked",
        "  node_port       MUST  proxy  usual",
        "  traffic_policy  MUST  proxy  younger",
        "  node_port       MUST  proxy  younger_too",
        "  node_port       MUST  proxy  later",
        "",
        "would be untestable",
        "  two-nodes: the lab has one node",
        "    1: on_two_nodes",
        "  sctp: the kernel has no SCTP; two-nodes: the lab has one node",
        "    1: over_sctp",
        "",
        "would be untestable on a cluster of an earlier release; known once it is up",
        "  KEP-2086 Service internal traffic policy, stable since 1.26",
        "    2: younger, younger_too",
        "",
        "would be a SHOULD on a cluster of an earlier release; known once it is up",
        "  a MUST from 1.38 on",
        "    1: later",
        "",
        "mine on lab: 4 of 6 behaviours would be checked; nothing was made",
    ]


def test_repeats_and_what_a_real_cluster_may_lack_are_told(planned, header):
    kind = ClusterSpec(name="mine", provider="kind", pod_ranges=["10.244.0.0/16"])

    assert described(planned, kind, header.proxy, 3).splitlines()[-2:] == [
        "mine on mine: 4 of 6 behaviours would be checked, 3 times each; nothing was made",
        "what else the cluster lacks is known once it is up",
    ]


def test_what_is_asked_for_whatever_the_release_is_no_question_of_the_release(behaviours):
    assert plan(behaviours, LACKING, ignore_release=True).younger == {}


def test_a_plan_as_json_names_every_behaviour(planned, header):
    told = json.loads(as_json(planned, header.cluster, header.proxy, 2))

    assert told == {
        "cluster": "lab",
        "proxy": "mine",
        "repeat": 2,
        "checked": ["usual", "younger", "younger_too", "later"],
        "untestable": [
            {"reason": "two-nodes: the lab has one node", "behaviours": ["on_two_nodes"]},
            {"reason": "sctp: the kernel has no SCTP; two-nodes: the lab has one node", "behaviours": ["over_sctp"]},
        ],
        "younger": [
            {
                "reason": "KEP-2086 Service internal traffic policy, stable since 1.26",
                "behaviours": ["younger", "younger_too"],
            }
        ],
        "pending": [{"reason": "a MUST from 1.38 on", "behaviours": ["later"]}],
    }

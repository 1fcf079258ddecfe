"""Known issues, and the mistakes in them that are refused."""

from pathlib import Path

import pytest

from svcproof.declare.known_issues import known_issues
from svcproof.model.known_issue import State, Target

BEHAVIOURS = ("affinity_ends", "node_port_answers")
PROXIES = ("cilium", "kube-proxy-nftables")


def load(path):
    return known_issues(Path(path), BEHAVIOURS, PROXIES)


def test_an_issue_has_all_its_fields(write):
    (issue,) = load(
        write(
            'issues: [{proxy: cilium, versions: ">=1.15 <1.18", behaviour: affinity_ends, target: proxy, '
            'url: "https://example.org/1", state: closed}]\n'
        )
    )
    assert (issue.proxy, issue.versions, issue.target, issue.state) == (
        "cilium",
        ">=1.15 <1.18",
        Target.PROXY,
        State.CLOSED,
    )


def test_there_may_be_none(write):
    assert load(write("issues: []\n")) == ()


def test_every_mistake_is_told_with_its_place_and_near_names(problems, write):
    text = """\
issues:
- {proxy: cillium, behaviour: affinity_end, target: prox, url: "javascript:alert(1)", state: opn}
- {behaviour: affinity_ends, target: proxy, url: "https://example.org/1"}
- {behaviour: affinity_ends, target: kubernetes, versions: "1.15", url: "https://u:p@example.org/1"}
- {behavior: affinity_ends}
"""
    assert problems(load, write(text)) == [
        ":2:11: issues.0.proxy: 'cillium' is no proxy of these runs (did you mean cilium?)",
        ":2:31: issues.0.behaviour: 'affinity_end' is no behaviour (did you mean affinity_ends?); see svcproof list",
        ":2:53: issues.0.target: 'prox' is unknown (did you mean proxy?)",
        ":2:64: issues.0.url: 'javascript:alert(1)' is no URL such as http://example.org/",
        ":2:94: issues.0.state: 'opn' is unknown (did you mean open?)",
        ":3:38: issues.1.target: is the proxy, and no proxy is named: say whose issue it is",
        ":4:60: issues.2.versions: are of a proxy, and no proxy is named: say whose versions they are",
        ":4:60: issues.2.versions: '1.15' is no range such as >=1.15 <1.18: '1.15' is no bound",
        ":4:73: issues.2.url: 'https://u:p@example.org/1' holds a user or a password, which results would show",
        ":5:3: issues.3.behaviour: is missing",
        ":5:3: issues.3.target: is missing",
        ":5:3: issues.3.url: is missing",
        ":5:4: issues.3.behavior: unknown key (did you mean behaviour?)",
    ]


@pytest.mark.parametrize("text", ["issues: {}\n", "issues: [x]\n", "known: []\n", "[]\n", "", "issues: [[]]\n"])
def test_a_file_of_another_shape_is_refused(problems, write, text):
    assert problems(load, write(text))

"""The reasons of asserts that did not hold: what was expected, and what was seen, in the words of the field."""

from collections.abc import Callable
from textwrap import indent

import pytest

Facts = Callable[..., dict[str, dict[str, object]]]
VALUES = """
from svcproof.model.probe import Answer, Lookup, Observation

def asked(pod, source, port=8080):
    answer = Answer(pod=pod, node="node-a", namespace="ns", port=port, protocol="tcp", source=source, source_port=4)
    target = Target("10.96.0.9", 80)
    return Observation(vantage="client", target=target, outcome=Outcome.ANSWERED, seconds=0.001, answer=answer)

DROPPED = Observation(vantage="client", target=Target("10.96.0.9", 80), outcome=Outcome.DROPPED, seconds=1.0)
MASQUERADED = Seen((asked("echo-0", "10.244.0.1"), asked("echo-0", "10.244.0.1"), asked("echo-1", "10.244.0.1", 8081)))
QUESTION = dict(vantage="client", server="10.96.0.10", name="web.ns.svc.cluster.local.", type="A")
LOOKUP = Lookup(**QUESTION, code="NOERROR", records=frozenset({"10.96.0.8"}), types=frozenset({"A"}))

def resolves_somewhere(lookup):
    \"\"\"The name leads somewhere.\"\"\"
    return not lookup.records
"""
CHECK = '''
@behaviour(level=MUST, **claim)
def test_{number}(probe):
    """A thing holds."""
    probe()
    seen, lookup, variables = MASQUERADED, LOOKUP, {{"WEB_SERVICE_HOST": "10.96.0.8", "WEB_SERVICE_PORT": "8080"}}
{body}
'''
SEEN = """\
  2 x client -> tcp 10.96.0.9:80: answered by echo-0 on node-a, which saw 10.244.0.1
  1 x client -> tcp 10.96.0.9:80: answered by echo-1 on node-a, which saw 10.244.0.1"""
LOOKED_UP = "  client asks 10.96.0.10 for web.ns.svc.cluster.local. A: NOERROR, 10.96.0.8"
REASONS = {
    'assert seen.sources == {"10.244.0.5"}': f"""\
expected: the backends see the probes come from 10.244.0.5
seen: 10.244.0.1 (3 probes)
{SEEN}""",
    'assert {"echo-0"} == seen.backends': f"""\
expected: the probes are answered by echo-0
seen: echo-0 (2 probes), echo-1
{SEEN}""",
    'assert seen.backends <= {"echo-0"}': f"""\
expected: the probes are answered by none but echo-0
seen: echo-0 (2 probes), echo-1
{SEEN}""",
    'assert "echo-1" not in seen.backends': f"""\
expected: the probes are answered by others than echo-1
seen: echo-0 (2 probes), echo-1
{SEEN}""",
    "assert seen.ports == {8080}": f"""\
expected: the probes arrive at the backends' port 8080
seen: 8080 (2 probes), 8081
{SEEN}""",
    "assert seen.none_answered": f"""\
expected: no probe is answered by anybody: each is refused, dropped or torn down
seen:
{SEEN}""",
    "seen = Seen((DROPPED,))\nassert answered(seen)": """\
expected: every probe is answered by one of our backends
seen: 1 x client -> tcp 10.96.0.9:80: dropped""",
    'assert lookup.records == {"10.96.0.9"}': f"""\
expected: the A records of web.ns.svc.cluster.local. are 10.96.0.9
seen: 10.96.0.8
{LOOKED_UP}""",
    'assert lookup.code == "NXDOMAIN", "the name does not exist"': f"""\
expected: the name does not exist: NXDOMAIN
seen: NOERROR
{LOOKED_UP}""",
    'assert variables.get("WEB_SERVICE_PORT") == "80", "WEB_SERVICE_PORT is the port of the Service"': """\
expected: WEB_SERVICE_PORT is the port of the Service: 80
seen: 8080""",
    'assert variables == {}, "the container has no variables of the Service"': """\
expected: the container has no variables of the Service
seen: WEB_SERVICE_HOST: 10.96.0.8, WEB_SERVICE_PORT: 8080""",
    'assert not variables.get("WEB_SERVICE_HOST"), "the Service has no ClusterIP"': """\
expected: the Service has no ClusterIP
seen: 10.96.0.8""",
    'assert variables.get("X") is not None, "the API server refuses it"': """\
expected: the API server refuses it
seen: nothing""",
    'assert {1, 2, 3} == {2, 3, 4}, "the endpoints listen at ports"': """\
expected: the endpoints listen at ports: 2, 3, 4
seen: 1, 2, 3; missing: 4; not expected: 1""",
    'assert "ndots:5" in ["edns0"], "resolv.conf has the option"': """\
expected: resolv.conf has the option: ndots:5, maybe among others
seen: (edns0)""",
    'assert 7 <= 5, "few connections need a segment again"': """\
expected: few connections need a segment again: 5 at most
seen: 7""",
    'assert any(port == 3 for port in (1, 2)), "one of the ports is 3"': """\
expected: one of the ports is 3
seen: it is not so""",
    'assert "\\n".join("ab") == "c", "the file says c"': """\
expected: the file says c
seen:
  a
  b""",
    'with control("it can"):\n    assert seen.nodes == {"node-b"}': f"""\
it can
expected: the probes are answered by pods on node-b
seen: node-a (3 probes)
{SEEN}""",
    # Without a message, of values that have no words of their own, the source has to do.
    'port = "80"\nassert variables.get("WEB_SERVICE_PORT") == port': """\
expected: variables.get('WEB_SERVICE_PORT') == port: 80
seen: 8080""",
    "assert not variables.get('WEB_SERVICE_HOST')": """\
expected: not variables.get('WEB_SERVICE_HOST')
seen: 10.96.0.8""",
    'raise AssertionError("it is not as it should be")': "it is not as it should be",
}


def test_an_assert_that_does_not_hold_is_put_into_words(facts: Facts) -> None:
    # All in one run: each run of pytest in pytest imports everything anew.
    checks = [CHECK.format(number=number, body=indent(body, "    ")) for number, body in enumerate(REASONS)]

    found = facts(VALUES + "".join(checks))

    assert {body: found[str(number)]["reason"] for number, body in enumerate(REASONS)} == REASONS


def test_no_jargon_of_pytest_is_in_a_reason(facts: Facts) -> None:
    bodies = (
        "assert [1, 2] == [1, 3]",
        "assert {1: 2, 3: 4} == {1: 2, 3: 5}",
        "assert set(seen.backends) == {'echo-2'} and 1 == 2",
        "assert 'x' * 900 + 'a' == 'x' * 900 + 'b'",
        "assert list(range(900)) == list(range(1, 901))",
        "assert 0 < len(seen) < 2",
    )

    found = facts(VALUES + "".join(CHECK.format(number=n, body=indent(body, "    ")) for n, body in enumerate(bodies)))

    reasons = [str(found[str(number)]["reason"]) for number in range(len(bodies))]
    jargon = ("-v", "diff", "Extra items", "frozenset", "truncated", "where")
    assert not [reason for reason in reasons if any(word in reason for word in jargon)]
    assert not [reason for reason in reasons if len(reason) > 1500 or not reason.startswith("expected: ")]


def test_asserts_of_plain_tests_stay_as_pytest_writes_them(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_checks="""
from svcproof import *

@behaviour(spec="https://example.org/clause", by=PROXY, level=MUST)
def test_it():
    \"\"\"A thing holds.\"\"\"
""",
        test_plain="def test_plain():\n    assert {1, 2} == {1}\n",
    )

    ended = pytester.runpytest_inprocess("-p", "no:randomly", "test_plain.py", "test_checks.py")

    ended.stdout.fnmatch_lines(["*Extra items in the left set:*"])

"""The releases by which promises are judged: the cluster's, and the proxy's where that is older."""

from dataclasses import replace

import pytest

from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.fact import Fact, Finding
from svcproof.model.judgement import Expected, expected
from svcproof.model.releases import Releases
from svcproof.model.verdict import Claims, Ruling, judge
from tests.model.test_verdict import behaviour, fact

IP_MODE = "KEP-1860 Load balancer IP mode, on by default since 1.30, stable since 1.32"
ALL_THE_SAME = "; --ignore-release checks it all the same"
THERE = ", on a cluster of 1.36 (v1.36.3)"
ON_1_36 = {"kubernetes": "v1.36.3"}


def promised(**of: object) -> Behaviour:
    return replace(behaviour(), **{"by": Part.PROXY, "kep": 1860, "since": "1.32", "beta": "1.30", **of})


@pytest.mark.parametrize(
    ("versions", "declared", "proxy"),
    [
        (ON_1_36, "", "1.36"),
        (ON_1_36 | {"kube-proxy": "1.29.6"}, "", "1.29"),
        (ON_1_36 | {"kube-proxy": "v1.31.0-minimal-eksbuild.5"}, "", "1.31"),
        (ON_1_36 | {"kube-proxy": "v1.37.2"}, "", "1.36"),
        (ON_1_36 | {"kube-proxy": "unknown"}, "", "1.36"),
        (ON_1_36 | {"cilium-agent": "v1.20.2"}, "", "1.36"),
        (ON_1_36 | {"cilium-agent": "v1.20.2"}, "1.33", "1.33"),
        (ON_1_36 | {"kube-proxy": "1.29.6"}, "1.31", "1.31"),
        (ON_1_36, "1.40", "1.36"),
        ({"kube-proxy": "1.29.6"}, "", "None"),
    ],
)
def test_a_proxy_keeps_the_promises_of_the_older_release(versions, declared, proxy):
    releases = Releases.found(versions, declared)

    assert str(releases.judging(Part.PROXY)) == proxy
    assert {releases.judging(part) for part in Part if part is not Part.PROXY} == {releases.of_cluster}


@pytest.mark.parametrize(
    ("versions", "declared", "why"),
    [
        ({"kubernetes": "v1.30.0"}, "", ""),
        (ON_1_36 | {"kube-proxy": "1.30.3"}, "", ""),
        ({"kubernetes": "v1.29.16"}, "", f"older than the promise: {IP_MODE}, and this cluster is of 1.29 (v1.29.16)"),
        (
            {"kubernetes": "v1.30.0-rc.1"},
            "",
            f"older than the promise: {IP_MODE}, and this cluster is of 1.29 (v1.30.0-rc.1)",
        ),
        (
            ON_1_36 | {"kube-proxy": "1.29.6"},
            "",
            f"older than the promise: {IP_MODE}, and this proxy is of 1.29 (kube-proxy 1.29.6){THERE}",
        ),
        (
            ON_1_36,
            "1.28",
            f"older than the promise: {IP_MODE}, and this proxy is of 1.28 (as it declares){THERE}",
        ),
        (
            {"kubernetes": "v1.28.2", "kube-proxy": "1.29.6"},
            "",
            f"older than the promise: {IP_MODE}, and this cluster is of 1.28 (v1.28.2)",
        ),
        ({"kubernetes": "v0.0.0"}, "", f"not known to be promised: {IP_MODE}, and 'v0.0.0' is a version of no release"),
    ],
)
def test_who_is_older_than_a_promise_need_not_keep_it_and_the_reason_names_both_releases(versions, declared, why):
    assert Releases.found(versions, declared).not_promised(promised()) == (why and why + ALL_THE_SAME)


def test_the_age_of_the_proxy_says_nothing_of_what_others_answer_for():
    old = Releases.found(ON_1_36 | {"kube-proxy": "1.29.6"})

    assert {old.not_promised(promised(by=part)) for part in Part if part is not Part.PROXY} == {""}


def test_what_has_no_release_is_promised_by_everybody():
    old = Releases.found({"kubernetes": "v1.2.0"})

    assert [old.not_promised(promised(since="", beta="", kep=kep)) for kep in (None, 504)] == ["", ""]


@pytest.mark.parametrize(
    ("kube_proxy", "ruling", "mark"),
    [
        ("1.29.6", Ruling.UNTESTABLE, Expected.NOT_PROMISED),
        ("1.30.0", Ruling.WEAK, Expected.SHOULD),
        ("1.31.14", Ruling.WEAK, Expected.SHOULD),
        ("1.32.0", Ruling.FAIL, Expected.MUST),
        ("1.36.3", Ruling.FAIL, Expected.MUST),
    ],
)
def test_a_must_that_was_a_beta_first_is_nothing_then_a_should_then_a_must(kube_proxy, ruling, mark):
    releases = Releases.found(ON_1_36 | {"kube-proxy": kube_proxy})

    verdict = judge(promised(), [fact(Finding.REFUTED, "no answer")], Claims(), releases)

    assert (verdict.ruling, expected(promised(), Claims(), releases)) == (ruling, mark)
    assert verdict.reason.endswith("no answer")


def test_a_should_stays_one_and_what_was_no_beta_goes_from_nothing_to_a_must():
    beta, before = ON_1_36 | {"kube-proxy": "1.31.0"}, ON_1_36 | {"kube-proxy": "1.29.6"}
    refuted = [fact(Finding.REFUTED, "no answer")]

    def ruled(versions: dict[str, str], **of: object) -> Ruling:
        return judge(promised(**of), refuted, Claims(), Releases.found(versions)).ruling

    assert ruled(beta, level=Level.SHOULD) is Ruling.WEAK
    assert ruled(before, level=Level.SHOULD) is Ruling.UNTESTABLE
    assert ruled(beta, beta="") is Ruling.UNTESTABLE


@pytest.mark.parametrize(
    ("facts", "ruling"),
    [
        ([Finding.CONFIRMED], Ruling.PASS),
        ([Finding.REFUTED, Finding.CONFIRMED], Ruling.UNTESTABLE),
        ([Finding.INCONCLUSIVE], Ruling.UNTESTABLE),
        ([Finding.BROKE], Ruling.ERROR),
        ([], Ruling.NOT_RUN),
    ],
)
def test_nothing_that_was_found_of_what_is_not_promised_speaks_against_the_proxy(facts, ruling):
    old = Releases.found(ON_1_36 | {"kube-proxy": "1.29.6"})
    made: list[Fact] = [fact(finding) for finding in facts]

    assert judge(promised(), made, Claims(), old).ruling is ruling


def test_who_ignores_releases_has_everything_judged_as_if_it_were_stable():
    ignored = Releases.found(ON_1_36 | {"kube-proxy": "1.29.6"}, ignored=True)

    assert judge(promised(), [fact(Finding.REFUTED)], Claims(), ignored).ruling is Ruling.FAIL

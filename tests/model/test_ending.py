"""Features that end with a release: promised until then, and from then on by those alone who claim them by name."""

from pathlib import Path

import pytest

from svcproof import declare
from svcproof.everywhere import claims_of
from svcproof.model.fact import Finding
from svcproof.model.judgement import Expected, expected
from svcproof.model.releases import Releases
from svcproof.model.verdict import Claims, Ruling, judge
from svcproof.model.vocabulary import Feature
from tests.model.test_verdict import behaviour, fact

SERVED = behaviour(features=frozenset({Feature.EXTERNAL_IPS}))
NOT_SERVED = behaviour(features=frozenset({Feature.EXTERNAL_IPS_OFF}))
DEFAULT = Claims()
BY_NAME = Claims(named=frozenset({Feature.EXTERNAL_IPS}))
OFF = Claims(features=DEFAULT.features - {Feature.EXTERNAL_IPS} | {Feature.EXTERNAL_IPS_OFF})


@pytest.mark.parametrize(
    ("claims", "cluster", "kube_proxy", "served", "not_served"),
    [
        (DEFAULT, "v1.39.4", "1.39.4", Expected.MUST, Expected.NOT_CLAIMED),
        (DEFAULT, "v1.40.0", "1.39.4", Expected.MUST, Expected.NOT_CLAIMED),
        (DEFAULT, "v1.40.0-rc.1", "", Expected.MUST, Expected.NOT_CLAIMED),
        (DEFAULT, "v1.40.0", "", Expected.NOT_CLAIMED, Expected.MUST),
        (DEFAULT, "v1.41.2", "1.41.2", Expected.NOT_CLAIMED, Expected.MUST),
        (BY_NAME, "v1.40.0", "1.40.0", Expected.MUST, Expected.NOT_CLAIMED),
        (OFF, "v1.36.3", "1.36.3", Expected.NOT_CLAIMED, Expected.MUST),
        (OFF, "v1.40.0", "1.40.0", Expected.NOT_CLAIMED, Expected.MUST),
        (DEFAULT, "", "1.40.0", Expected.MUST, Expected.NOT_CLAIMED),
    ],
)
def test_external_ips_are_promised_until_they_are_off_and_then_the_opposite_is(
    claims, cluster, kube_proxy, served, not_served
):
    releases = Releases(cluster=cluster, kube_proxy=kube_proxy)

    assert (expected(SERVED, claims, releases), expected(NOT_SERVED, claims, releases)) == (served, not_served)


def test_who_serves_one_from_the_release_on_that_switches_them_off_fails():
    releases = Releases(cluster="v1.40.0", kube_proxy="1.40.0")

    assert judge(NOT_SERVED, [fact(Finding.REFUTED, "answered")], DEFAULT, releases).ruling is Ruling.FAIL
    assert judge(NOT_SERVED, [fact(Finding.REFUTED, "answered")], BY_NAME, releases).ruling is Ruling.UNSUPPORTED


def test_who_no_longer_serves_them_is_told_since_when_nobody_need():
    verdict = judge(SERVED, [fact(Finding.REFUTED, "no answer")], DEFAULT, Releases(cluster="v1.41.0"))

    assert verdict.ruling is Ruling.UNSUPPORTED
    assert verdict.reason == (
        "no longer promised: external-ips is off by default from Kubernetes 1.40 on, and "
        "this cluster is of 1.41 (v1.41.0): no answer"
    )


@pytest.mark.parametrize(
    ("features", "named"),
    [
        ("", False),
        ("features: {all-but: [sctp]}", False),
        ("features: {also: [external-ips]}", True),
        ("features: [external-ips, node-port]", True),
    ],
)
def test_a_declaration_claims_by_name_what_it_lists(tmp_path: Path, features: str, named: bool):
    path = tmp_path / "mine.yaml"
    path.write_text(f"install: {{program: {{command: [/bin/true]}}}}\n{features}\n")

    spec = declare.proxy(str(path))

    assert (Feature.EXTERNAL_IPS in spec.claims.named) is named
    assert (Feature.EXTERNAL_IPS in claims_of(spec, {"kubernetes": "v1.40.0"}).features) is named
    assert (Feature.EXTERNAL_IPS_OFF in claims_of(spec, {"kubernetes": "v1.40.0"}).features) is not named

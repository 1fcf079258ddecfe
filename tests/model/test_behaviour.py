import pytest

from svcproof import MUST, PROXY, SHOULD, Capability, Feature
from svcproof.model.behaviour import behaviour, behaviours, claimed


def test_a_check_may_need_a_capability_and_a_feature_of_one_name():
    @behaviour(spec="…", level=MUST, by=PROXY, requires={Capability.LOAD_BALANCER, Feature.LOAD_BALANCER})
    def check():
        """A client is answered."""

    declared = claimed(check, "load_balancer")

    assert declared.capabilities == {Capability.LOAD_BALANCER}
    assert declared.features == {Feature.LOAD_BALANCER}
    assert declared.needs == ("load-balancer",)


def test_words_of_needs_are_equal_to_plain_strings():
    assert Capability.LOAD_BALANCER == "load-balancer"
    assert Capability.LOAD_BALANCER != Feature.LOAD_BALANCER
    assert "load-balancer" in {Feature.LOAD_BALANCER}


def test_needs_of_a_check_are_added_to_those_of_its_file():
    shared = behaviours(spec="…", level=MUST, by=PROXY, requires={Capability.LOAD_BALANCER})

    @shared(requires={Feature.LOAD_BALANCER})
    def check():
        """A client is answered."""

    declared = claimed(check, "load_balancer")

    assert (declared.capabilities, declared.features) == ({"load-balancer"}, {"load-balancer"})


def declared(**more):
    @behaviour(**{"spec": "…", "level": MUST, "by": PROXY} | more)
    def check():
        """A client is answered."""

    return claimed(check, "traffic_policy")


def test_an_enhancement_and_its_releases_are_those_of_the_file_where_a_check_says_nothing_else():
    shared = behaviours(spec="…", level=MUST, by=PROXY, kep=2086, since="1.26")

    @shared()
    def usual():
        """A client is answered."""

    @shared(kep=None, since="")
    def older():
        """A client is answered."""

    first, second = (claimed(check, "traffic_policy") for check in (usual, older))
    assert (first.kep, first.since, second.kep, second.since) == (2086, "1.26", None, "")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kep": 0}, "kep is the number of an enhancement, such as 2086, not 0"),
        ({"kep": "2086"}, "kep is the number of an enhancement, such as 2086, not '2086'"),
        ({"kep": True}, "kep is the number of an enhancement, such as 2086, not True"),
        ({"since": "1.26.0"}, "since must look like 1.26, a release without its patch, not '1.26.0'"),
        ({"binding": "v1.38"}, "binding must look like 1.26, a release without its patch, not 'v1.38'"),
        ({"binding": "1.38", "level": SHOULD}, "binding is for what will be a MUST, and this is a SHOULD"),
    ],
)
def test_what_cannot_be_an_enhancement_or_a_release_is_refused_where_it_is_declared(wrong, told):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        declared(**wrong)

    assert str(refused.value) == f"behaviour 'check': {told}"


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("v1.26.0", ""),
        ("v1.31.2-gke.100", ""),
        ("v1.25.16", "older than the promise: {promise}, and this cluster is of 1.25 (v1.25.16); {all_the_same}"),
        (
            "v1.26.0-rc.1",
            "older than the promise: {promise}, and this cluster is of 1.25 (v1.26.0-rc.1); {all_the_same}",
        ),
        ("v0.0.0", "not known to be promised: {promise}, and 'v0.0.0' is a version of no release; {all_the_same}"),
    ],
)
def test_a_cluster_promises_what_was_stable_in_its_release(version, why):
    promise = "KEP-2086 Service internal traffic policy, stable since 1.26"

    reason = declared(kep=2086, since="1.26").not_promised_by(version)

    assert reason == why.format(promise=promise, all_the_same="--ignore-release checks it all the same")


def test_what_has_no_release_is_promised_by_every_cluster():
    assert [declared(**of).not_promised_by("v1.2.0") for of in ({}, {"kep": 504})] == ["", ""]


def test_what_does_not_bind_yet_is_not_core():
    assert declared().core
    assert not declared(binding="1.38").core

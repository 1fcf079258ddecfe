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
        ({"since": "1.32", "beta": "v1.30"}, "beta must look like 1.26, a release without its patch, not 'v1.30'"),
        ({"since": "1.32", "beta": "1.32"}, "beta 1.32 is no release before since, '1.32'"),
        ({"beta": "1.30"}, "beta 1.30 is no release before since, ''"),
        ({"binding": "1.38", "level": SHOULD}, "binding is for what will be a MUST, and this is a SHOULD"),
    ],
)
def test_what_cannot_be_an_enhancement_or_a_release_is_refused_where_it_is_declared(wrong, told):
    with pytest.raises(ValueError) as refused:  # noqa: PT011
        declared(**wrong)

    assert str(refused.value) == f"behaviour 'check': {told}"


def test_from_which_release_on_it_is_a_beta_is_that_of_its_enhancement_unless_it_says_so():
    assert declared(kep=1860, since="1.32").beta == "1.30"
    assert declared(kep=1860, since="1.32", beta="").beta == ""
    assert [declared(**of).beta for of in ({}, {"kep": 1860}, {"kep": 1860, "since": "1.36"})] == ["", "", ""]


def test_what_does_not_bind_yet_is_not_core():
    assert declared().core
    assert not declared(binding="1.38").core

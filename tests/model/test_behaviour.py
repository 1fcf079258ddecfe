from svcproof import MUST, PROXY, Capability, Feature
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

import pytest

from svcproof.errors import UsageError
from svcproof.model.behaviour import Behaviour, Level, Part
from svcproof.model.criteria import meets, read, words_of
from svcproof.model.vocabulary import Feature


def behaviour(name: str, area: str, level: Level, by: Part, **more: object) -> Behaviour:
    requirement, spec = "A client is answered.", "https://example.org/"
    return Behaviour(id=name, area=area, requirement=requirement, spec=spec, level=level, by=by, **more)  # type: ignore[arg-type]


BEHAVIOURS = (
    behaviour("a", "dns", Level.MUST, Part.DNS),
    behaviour("b", "dns", Level.SHOULD, Part.KUBELET, kep=504),
    behaviour("c", "node_port", Level.MUST, Part.PROXY, features=frozenset({Feature.NODE_PORT}), kep=3668),
    behaviour("d", "node_port", Level.MAY, Part.PROXY, features=frozenset({Feature.NODE_PORT, Feature.SCTP})),
)


def selected(**options: list[str]) -> str:
    criteria = read(options, BEHAVIOURS)
    return "".join(behaviour.id for behaviour in BEHAVIOURS if meets(behaviour, criteria))


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        ({}, "abcd"),
        ({"area": ["dns"]}, "ab"),
        ({"area": ["dns", "node_port"]}, "abcd"),
        ({"area": ["dns, node_port"]}, "abcd"),
        ({"level": ["MUST"]}, "ac"),
        ({"level": ["must,may"]}, "acd"),
        ({"by": ["kubelet", "dns"]}, "ab"),
        ({"feature": ["node-port"]}, "cd"),
        ({"feature": ["sctp", "external-ips"]}, "d"),
        ({"kep": ["504,3668"]}, "bc"),
        ({"kep": ["KEP-504"]}, "b"),
        ({"area": ["node_port"], "level": ["MUST", "SHOULD"]}, "c"),
        ({"area": ["dns"], "feature": ["node-port"]}, ""),
        ({"area": ["dns"], "level": ["SHOULD"], "by": ["kubelet"], "kep": ["504"]}, "b"),
    ],
)
def test_a_behaviour_has_one_of_the_values_of_each_option(options: dict[str, list[str]], ids: str) -> None:
    assert selected(**options) == ids


def test_every_unknown_value_is_told_at_once_with_those_that_there_are() -> None:
    with pytest.raises(UsageError) as refused:
        selected(area=["nodeport", "x"], level=["MUSTT"], by=["nobody"], feature=["sctb"], kep=["503,504", ""])

    assert refused.value.problems == (
        "unknown area 'nodeport' (did you mean node_port?)",
        "unknown area 'x' (there is: dns, node_port)",
        "unknown level 'MUSTT' (did you mean MUST?)",
        "unknown part 'nobody' (there is: controllers, dns, kubelet, load-balancer, proxy)",
        "unknown feature 'sctb' (did you mean sctp?)",
        "unknown kep '503'; there are: 504, 3668",
        "--kep: a value is empty; there are: 504, 3668",
    )


def test_criteria_are_words_that_lead_to_them_again() -> None:
    criteria = read({"level": ["must", "MAY,must"], "kep": ["3668", "504"]}, BEHAVIOURS)

    assert list(words_of(criteria)) == ["--level=MAY,MUST", "--kep=504,3668"]

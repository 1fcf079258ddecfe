"""The expectations that a scenario states beside those of the rules, held against a look."""

from collections.abc import Iterator, Mapping, Sequence

from svcproof.model.probe import Observation, Outcome
from svcproof.model.scenario import Expected, Scenario
from svcproof.promise.doors import Kind
from svcproof.replay.binding import Binding
from svcproof.sweep import Cell
from svcproof.sweep.compare import in_words

DOORS = {
    "clusterIP": Kind.CLUSTER_IP,
    "nodePort": Kind.NODE_PORT,
    "externalIP": Kind.EXTERNAL_IP,
    "loadBalancer": Kind.LOAD_BALANCER,
}
Look = Mapping[Cell, Sequence[Observation]]


def unmet(scenario: Scenario, binding: Binding, after: int, look: Look) -> tuple[str, ...]:
    """Return a sentence for each expectation of the scenario that does not hold after this change."""
    last = len(scenario.steps)
    due = [one for one in scenario.expect if (last if one.after is None else one.after) == after]
    return tuple(sentence for expected in due for sentence in _unmet(expected, binding, look))


def _unmet(expected: Expected, binding: Binding, look: Look) -> Iterator[str]:
    service = f"{binding.namespace}/{binding.name(expected.service)}"
    named = f"the {expected.door} of Service {expected.service}"
    cells = [
        (cell, seen)
        for cell, seen in look.items()
        if cell.door.service == service and cell.door.kind is DOORS[expected.door]
        if expected.vantage in ("", cell.client.name) and seen
    ]
    if not cells:
        yield f"{named} is asked from {expected.vantage or 'no vantage'}: it has none now, or nothing is promised there"
    for cell, seen in cells:
        answers = [probed.answer for probed in seen if probed.outcome is Outcome.ANSWERED and probed.answer]
        place = f"{cell.client.name} at {named}, {cell.target}"
        if expected.answered != (len(answers) == len(seen)) or (not expected.answered and answers):
            yield f"{place}: expected {'an answer' if expected.answered else 'none'} to each try, saw {in_words(seen)}"
        elif expected.backends and (strays := {answer.pod for answer in answers} - _names(expected, binding)):
            yield f"{place}: expected {' or '.join(expected.backends)}, saw {', '.join(sorted(strays))}"


def _names(expected: Expected, binding: Binding) -> frozenset[str]:
    """The names of the pods that may answer; those of the scenario's own begin with its prefix."""
    return frozenset({*expected.backends, *map(binding.name, expected.backends)})

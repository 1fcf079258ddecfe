"""Steps that bring back what was there, whatever was edited, and edits of one object in one write."""

from copy import deepcopy
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from svcproof.explore.drafts import Drafts
from svcproof.explore.drawn_services import NAMES, draw_service
from svcproof.explore.drawn_slices import draw_slice
from svcproof.explore.drawn_steps import draw_edits
from svcproof.explore.edits_back import edits_back
from svcproof.explore.in_one import in_one

DRAWING = settings(
    database=None,
    deadline=None,
    max_examples=60,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@st.composite
def edited(draw):
    """Draw objects, and what is left of them after some edits."""
    drafts = Drafts()
    for name in NAMES[:2]:
        drafts.services[name] = draw_service(draw, name)
        drafts.slices[f"{name}-1"] = draw_slice(draw, f"{name}-1", drafts.services[name])
    drafts.begin_step()
    for _ in range(3):
        draw_edits(draw, drafts)
    return drafts


def test_objects_are_as_they_were_after_steps_back() -> None:
    seen = []

    def hold(drafts: Drafts) -> bool:
        services, slices = deepcopy(drafts.earlier[0])
        is_changed = (services, slices) != (drafts.services, drafts.slices)
        steps = edits_back(drafts, services, slices)
        seen.append(bool(steps))
        assert bool(steps) or not is_changed or without_empty(drafts.services) == without_empty(services)
        assert without_empty(drafts.services) == without_empty(services)
        assert drafts.slices == slices
        assert edits_back(drafts, services, slices) == []
        return False

    with pytest.raises(NoSuchExample):
        find(edited(), hold, settings=DRAWING, random=Random(1))
    assert sum(seen) > len(seen) / 2


def without_empty(services):
    """Services without the labels and annotations that are there and have nothing in them."""
    kept = deepcopy(services)
    for service in kept.values():
        service["metadata"] = {key: value for key, value in service["metadata"].items() if value}
    return kept


def patch(name: str, **spec: object) -> dict[str, object]:
    return {"patch": {"kind": "Service", "name": name, "patch": {"spec": spec}}}


def test_edits_of_one_object_become_one_write() -> None:
    policy, affinity = {"internalTrafficPolicy": "Local"}, {"sessionAffinity": "ClientIP"}
    assert in_one([patch("a", **policy), patch("a", **affinity)]) == [patch("a", **policy, **affinity)]
    assert in_one([patch("a", **policy), patch("b", **affinity)]) == [patch("a", **policy), patch("b", **affinity)]


def test_the_later_of_two_edits_of_a_field_holds() -> None:
    assert in_one([patch("a", externalIPs=["1"]), patch("a", externalIPs=None)]) == [patch("a", externalIPs=None)]


def test_a_status_is_written_by_itself() -> None:
    status = {"patch": {"kind": "Service", "name": "a", "patch": {"status": {}}, "status": True}}
    assert in_one([patch("a", type="ClusterIP"), status]) == [patch("a", type="ClusterIP"), status]

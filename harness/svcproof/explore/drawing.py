"""The drawing of whole scenarios: worlds of up to four Services and the steps that change them."""

import json
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from svcproof.explore.drafts import Drafts
from svcproof.explore.drawn_services import NAMES, Draw, draw_service, rarely, twin
from svcproof.explore.drawn_slices import draw_slice
from svcproof.explore.drawn_steps import draw_step
from svcproof.explore.manifests import Manifest, title

SERVICES = (1, 1, 1, 2, 2, 3, 4)
"""The number of Services of a scenario, each as likely as the next."""
SETTINGS = settings(database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@st.composite
def scenarios(draw: Draw, most_steps: int, may_interrupt: bool) -> Manifest:
    """Draw a scenario as its file has it: the same values are the same scenario."""
    drafts = Drafts()
    for name in NAMES[: draw(st.sampled_from(SERVICES))]:
        is_twin = drafts.services and rarely(draw)
        drafts.services[name] = twin(draw, name, drafts.services["a"]) if is_twin else draw_service(draw, name)
        for number in range(1, 1 + draw(st.sampled_from((1, 1, 2, 2, 3, 0)))):
            manifest = draw_slice(draw, f"{name}-{number}", drafts.services[name], drafts.slices_of(name))
            drafts.slices[manifest["metadata"]["name"]] = manifest
    objects: list[Any] = deepcopy([*drafts.services.values(), *drafts.slices.values()])
    number = draw(st.sampled_from(_numbers(most_steps)))
    steps = [draw_step(draw, drafts, may_interrupt=may_interrupt) for _ in range(number)]
    drawn: Manifest = {"objects": objects, "steps": steps}
    return {"title": title(drawn), **drawn}


def _numbers(most_steps: int) -> tuple[int, ...]:
    """Numbers of steps: all up to the most, the middle first, since Hypothesis draws the first more often."""
    middle = most_steps // 2
    return (*range(middle, most_steps + 1), *range(middle))


@dataclass(frozen=True, slots=True)
class Chunk:
    """So many scenarios of one seed: the same chunk is the same scenarios, always."""

    seed: int
    number: int
    size: int
    most_steps: int
    may_interrupt: bool = False
    """True where the proxy may be restarted."""

    def drawn(self) -> tuple[Manifest, ...]:
        """Its scenarios, each once."""
        found: dict[str, Manifest] = {}

        def keep(scenario: Manifest) -> bool:
            found.setdefault(key(scenario), scenario)
            return False  # So that Hypothesis goes on drawing, and has nothing to make smaller.

        with suppress(NoSuchExample):
            chosen = settings(SETTINGS, max_examples=self.size)
            find(
                scenarios(self.most_steps, self.may_interrupt),
                keep,
                settings=chosen,
                random=Random(f"{self.seed}/{self.number}"),
            )
        return tuple(found.values())


def key(scenario: Manifest) -> str:
    """A text that equal scenarios share, and no others."""
    return json.dumps([scenario["objects"], scenario["steps"]], sort_keys=True)

"""Ways in which Service proxies have been wrong, each as an exchange of one of the sound proxy's stages.

The sound proxy knows nothing of them: a mutation takes its `Stages` and returns others.
"""

from collections.abc import Iterable

from svcproof.reference_proxy.faults import (
    beliefs,
    endpoints,
    entries,
    flows,
    frontends,
    health,
    leftovers,
    memories,
    rules,
    traces,
)
from svcproof.reference_proxy.faults.mutation import Mutation
from svcproof.reference_proxy.stages import Stages

PARTS = (beliefs, memories, endpoints, frontends, leftovers, entries, rules, traces, flows, health)
MUTATIONS: dict[str, Mutation] = {one.name: one for part in PARTS for one in part.MUTATIONS}


def mutated(stages: Stages, names: Iterable[str]) -> Stages:
    """Return the stages with these mutations; raises KeyError where there is none of a name."""
    for name in names:
        stages = MUTATIONS[name].apply(stages)
    return stages

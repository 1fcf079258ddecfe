"""Ways in which Service proxies have been wrong, each as an exchange of one of the sound proxy's stages.

The sound proxy knows nothing of them: the mutation of a fault takes its `Stages` and returns others.
"""

from svcproof.fault import Fault
from svcproof.reference_proxy.faults import (
    beliefs,
    bystanders,
    connections,
    edited,
    endpoints,
    entries,
    flows,
    flushing,
    frontends,
    health,
    leftovers,
    memories,
    neighbours,
    node_addresses,
    objects,
    outages,
    restarts,
    rules,
    sizes,
    source_ranges,
    successions,
    sysctls,
    traces,
    unnoticed,
    values,
    vantages,
)
from svcproof.reference_proxy.stages import Stages

MODULES = (
    beliefs,
    memories,
    endpoints,
    frontends,
    source_ranges,
    leftovers,
    edited,
    unnoticed,
    successions,
    neighbours,
    node_addresses,
    objects,
    values,
    vantages,
    entries,
    rules,
    sizes,
    traces,
    connections,
    flows,
    flushing,
    health,
    bystanders,
    restarts,
    outages,
    sysctls,
)
FAULTS: tuple[Fault[Stages], ...] = tuple(fault for module in MODULES for fault in module.FAULTS)

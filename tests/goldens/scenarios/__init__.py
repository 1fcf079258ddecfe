"""The requests: by name, in the order in which they are made; each scenario has a namespace of its own."""

from tests.goldens.scenarios import (
    cluster,
    lists,
    patches,
    pods,
    protobuf,
    services,
    slices,
    tables,
    watches,
    workloads,
)
from tests.goldens.step import Step

SCENARIOS: dict[str, tuple[Step, ...]] = {
    module.__name__.rpartition(".")[2]: module.STEPS
    for module in (cluster, lists, patches, pods, protobuf, services, slices, tables, watches, workloads)
}

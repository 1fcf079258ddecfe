"""The requests: by name, in the order in which they are made; each scenario has a namespace of its own."""

from tests.goldens.scenarios import (
    cluster,
    dual_stack,
    lists,
    manifests,
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

MODULES = (cluster, dual_stack, lists, patches, pods, protobuf, services, slices, tables, watches, workloads)
SCENARIOS: dict[str, tuple[Step, ...]] = {
    **{module.__name__.rpartition(".")[2]: module.STEPS for module in MODULES},
    **manifests.SCENARIOS,
}

DUAL_STACK = {"dual_stack"}
"""Scenarios for a cluster with two Service ranges."""

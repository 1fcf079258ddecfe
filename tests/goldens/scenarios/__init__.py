"""The requests: by name, in the order in which they are made; each scenario has a namespace of its own."""

from tests.goldens.scenarios import (
    cluster,
    dual_stack,
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
    for module in (cluster, dual_stack, lists, patches, pods, protobuf, services, slices, tables, watches, workloads)
}

DUAL_STACK = {"dual_stack"}
"""Scenarios for a cluster with two Service ranges."""

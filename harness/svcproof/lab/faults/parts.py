"""The parts of a lab that can have faults, and their rules under those that are switched on."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from svcproof.fault import Fault, mutated
from svcproof.lab.apiserver import rules as api_server
from svcproof.lab.controllers import rules as controllers
from svcproof.lab.dns import rules as dns
from svcproof.lab.faults import allocation as of_allocation
from svcproof.lab.faults import controllers as of_controllers
from svcproof.lab.faults import dns as of_dns
from svcproof.lab.faults import dns_answers as of_dns_answers
from svcproof.lab.faults import kubelet as of_kubelet
from svcproof.lab.faults import load_balancer as of_load_balancer
from svcproof.lab.kubelet import rules as kubelet
from svcproof.lab.loadbalancer import rules as load_balancer

Rules = TypeVar("Rules")
PARTS: Mapping[str, tuple[Fault[Any], ...]] = {
    "dns": (*of_dns.FAULTS, *of_dns_answers.FAULTS),
    "kubelet": of_kubelet.FAULTS,
    "controllers": (*of_controllers.FAULTS, *of_allocation.FAULTS),
    "load-balancer": of_load_balancer.FAULTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabRules:
    """The rules of all parts of a lab."""

    api_server: api_server.Rules
    controllers: controllers.Rules
    dns: dns.Rules
    kubelet: kubelet.Rules
    load_balancer: load_balancer.Rules


def rules_under(names: Collection[str]) -> LabRules:
    """Return the rules of a lab with these faults, which are written `part/name`."""

    def of(part: str, rules: Rules, faults: Iterable[Fault[Rules]]) -> Rules:
        own = [name.removeprefix(f"{part}/") for name in names if name.startswith(f"{part}/")]
        return mutated(rules, faults, own)

    return LabRules(
        api_server=of("controllers", api_server.Rules(), of_allocation.FAULTS),
        controllers=of("controllers", controllers.Rules(), of_controllers.FAULTS),
        dns=of("dns", dns.Rules(), (*of_dns.FAULTS, *of_dns_answers.FAULTS)),
        kubelet=of("kubelet", kubelet.Rules(), of_kubelet.FAULTS),
        load_balancer=of("load-balancer", load_balancer.Rules(), of_load_balancer.FAULTS),
    )

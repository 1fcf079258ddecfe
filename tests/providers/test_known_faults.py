import pkgutil
import re
from importlib import import_module
from pathlib import Path

import pytest

from svcproof import reference_proxy
from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.lab import apiserver, controllers, dns, faults, kubelet, loadbalancer
from svcproof.lab.faults.parts import rules_under
from svcproof.model.behaviour import Part
from svcproof.providers.lab.faults import FAULTS_BY_HAND, declared_problems, fault_problems, known_faults
from svcproof.reference_proxy import __main__ as program
from svcproof.reference_proxy import faults as of_proxy


def test_every_part_of_a_cluster_has_faults_of_its_own():
    assert {name.partition("/")[0] for name in known_faults()} == set(Part)


def test_each_fault_is_listed_and_says_what_is_wrong():
    modules = [import_module(f"{faults.__name__}.{module.name}") for module in pkgutil.iter_modules(faults.__path__)]
    declared = [fault for module in modules for fault in getattr(module, "FAULTS", ())]

    assert len(known_faults()) == len(declared) + len(of_proxy.FAULTS)
    assert {*known_faults().values()} == {*declared, *of_proxy.FAULTS}
    assert all(fault.summary.endswith(".") for fault in known_faults().values())


def test_the_sound_code_does_not_know_of_faults():
    packages = [apiserver, controllers, dns, kubelet, loadbalancer, reference_proxy]
    sources = {source for package in packages for source in Path(package.__path__[0]).rglob("*.py")}
    sound = sources - {Path(program.__file__), *Path(of_proxy.__path__[0]).rglob("*.py")}

    assert all(Path(package.__path__[0], "__init__.py") in sound for package in packages)
    assert [str(source) for source in sound if re.search(r"(?<!de)fault", source.read_text(), re.IGNORECASE)] == []


@pytest.mark.parametrize("name", sorted(set(known_faults()) - {f"proxy/{fault.name}" for fault in of_proxy.FAULTS}))
def test_a_fault_changes_the_rules_of_its_part(name: str):
    assert rules_under([name]) != rules_under([])


def test_an_unknown_fault_is_told_with_the_near_one():
    (problem,) = fault_problems(["proxy/affinity-ignored", "proxy/affinity-ignord"])

    assert problem.startswith("unknown fault 'proxy/affinity-ignord' (did you mean proxy/affinity-ignored")


def test_a_fault_that_no_lab_can_have_is_told_apart_from_an_unknown_one():
    by_hand = next(iter(FAULTS_BY_HAND))
    made_by_hand, unknown = fault_problems([by_hand, "kind/unheard-of"])

    assert made_by_hand.startswith(f"no lab can have the fault {by_hand}")
    assert unknown.startswith("unknown fault 'kind/unheard-of'")


def test_each_fault_is_named_by_a_behaviour():
    named = {fault for behaviour in catalogue(suites_dir()) for fault in behaviour.faults}

    assert sorted({*known_faults(), *FAULTS_BY_HAND} - named) == []


def test_each_behaviour_names_faults_that_exist():
    named = {behaviour.id: behaviour.faults for behaviour in catalogue(suites_dir())}

    assert [name for name, its_faults in named.items() if not its_faults] == []
    assert {name: problems for name, its_faults in named.items() if (problems := declared_problems(its_faults))} == {}

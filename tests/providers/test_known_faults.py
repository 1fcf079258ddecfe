import pkgutil
from importlib import import_module

from svcproof.declare import suites_dir
from svcproof.declare.catalogue import catalogue
from svcproof.lab import faults
from svcproof.model.behaviour import Part
from svcproof.providers.lab.faults import declared_problems, fault_problems, known_faults
from svcproof.providers.lab.faults_by_hand import FAULTS_BY_HAND
from svcproof.reference_proxy.faults import FAULTS as PROXY_FAULTS


def test_every_part_of_a_cluster_has_faults_of_its_own():
    assert {name.partition("/")[0] for name in known_faults()} == set(Part)


def test_each_fault_is_named_once_and_says_what_is_wrong():
    modules = [import_module(f"{faults.__name__}.{one.name}") for one in pkgutil.iter_modules(faults.__path__)]
    listed = [fault.name for module in modules for fault in getattr(module, "FAULTS", ())]
    listed += [f"proxy/{fault.name}" for fault in PROXY_FAULTS]

    assert sorted(listed) == sorted(known_faults())
    assert all(fault.summary.endswith(".") for fault in known_faults().values())


def test_an_unknown_fault_is_told_with_the_near_one():
    (problem,) = fault_problems(["proxy/affinity-ignored", "proxy/affinity-ignord"])

    assert problem.startswith("unknown fault 'proxy/affinity-ignord' (did you mean proxy/affinity-ignored")


def test_a_fault_that_no_lab_can_have_is_told_apart_from_an_unknown_one():
    made_by_hand, unknown = fault_problems([FAULTS_BY_HAND[0].name, "kind/unheard-of"])

    assert made_by_hand.startswith(f"no lab can have the fault {FAULTS_BY_HAND[0].name}")
    assert unknown.startswith("unknown fault 'kind/unheard-of'")


def test_each_fault_is_named_by_a_behaviour():
    named = {fault for behaviour in catalogue(suites_dir()) for fault in behaviour.faults}

    assert sorted({*known_faults(), *(fault.name for fault in FAULTS_BY_HAND)} - named) == []


def test_each_behaviour_names_faults_that_exist():
    named = {behaviour.id: behaviour.faults for behaviour in catalogue(suites_dir())}

    assert [name for name, its_faults in named.items() if not its_faults] == []
    assert {name: problems for name, its_faults in named.items() if (problems := declared_problems(its_faults))} == {}

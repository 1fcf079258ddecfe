"""Faults of the reference proxy; `harness/lab/proxy/faults` says what each of them does."""

from harness.lab.faults import Fault
from harness.lab.proxy.faults import MUTATIONS

FAULTS = tuple(Fault(name=f"proxy/{one.name}", summary=one.summary, source=one.source) for one in MUTATIONS.values())

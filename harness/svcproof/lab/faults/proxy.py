"""Faults of the reference proxy; `harness/svcproof/reference_proxy/faults` says what each of them does."""

from svcproof.lab.faults import Fault
from svcproof.reference_proxy.faults import FAULTS as OF_PROXY

FAULTS = tuple(Fault(name=f"proxy/{one.name}", summary=one.summary, source=one.source) for one in OF_PROXY)

"""The CPUs of this machine, sampled while a run goes on."""

from svcproof.machine.sampler import Sampler

__all__ = ["Sampler"]

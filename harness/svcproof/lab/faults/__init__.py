"""Faults that can be switched on in a lab, by the part of the cluster they are in: one module per part."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One way to be wrong. `name` is `part/name`; `source` the URL of a real bug it stands for, where there is one."""

    name: str
    summary: str
    source: str = ""

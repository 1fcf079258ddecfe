"""What the API server has to be told."""

from dataclasses import dataclass

from svcproof.lab.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiConfig:
    """`token` is the bearer token of every caller over TCP; `faults` are names as in svcproof.lab.faults.controllers.

    `authority` is the PEM of the CA, for the ConfigMaps `kube-root-ca.crt`.
    """

    layout: Layout
    token: str
    faults: frozenset[str] = frozenset()
    authority: str = ""

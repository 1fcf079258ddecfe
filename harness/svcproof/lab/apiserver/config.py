"""The configuration of the API server."""

from dataclasses import dataclass, field

from svcproof.lab.apiserver.rules import Rules
from svcproof.lab.layout import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiConfig:
    """`token` is the bearer token of every caller over TCP; `rules` decide on the numbers of Services.

    `authority` is the PEM of the CA, for the ConfigMaps `kube-root-ca.crt`.
    """

    layout: Layout
    token: str
    rules: Rules = field(default_factory=Rules)
    authority: str = ""

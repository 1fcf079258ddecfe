"""The owners of addresses in a reason: nodes, clients outside, and sample pods."""

import re
from collections.abc import Mapping

import pytest

from svcproof.plugin.cluster import CLUSTER
from svcproof.plugin.gate import AGENTS

TOKEN = re.compile(r"[0-9a-fA-F:.]*[0-9a-fA-F]")


def owners(config: pytest.Config) -> dict[str, str]:
    """The names of the owners of the addresses that the run knows; a node's address is that of all in its network."""
    known = {address: agent.name for agent in config.stash.get(AGENTS, ()) for address in agent.addresses}
    if cluster := config.stash.get(CLUSTER, None):
        known |= {address: node.name for node in cluster.nodes for address in node.addresses}
        known |= {address: client.name for client in cluster.outside for address in client.addresses}
    return known


def with_owners(reason: str, owners: Mapping[str, str]) -> str:
    """Add a line to a reason that says whose the addresses in it are."""
    tokens = (token.partition(":")[0] if "." in token else token for token in TOKEN.findall(reason))
    known = [f"{address} is {owners[address]}" for address in dict.fromkeys(tokens) if address in owners]
    return "\n".join([reason, ", ".join(known)]) if known else reason

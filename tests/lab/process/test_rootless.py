"""A lab of somebody who is not root, with a proxy in it."""

import os

import pytest

from tests.lab.process.nobody import NOBODY, as_nobody

pytestmark = pytest.mark.lab

SCENARIO = """
import os
from svcproof import declare
from svcproof.providers import lab

spec, proxy = declare.cluster("lab-single-node"), declare.proxy("reference")
with lab.up(spec, proxy, faults=(), progress=lambda step: None) as cluster:
    dial = "import socket; socket.create_connection(('10.96.0.1', 443), 5)"
    places = [cluster.node_shell("node-a"), cluster.outside[0].shell]
    codes = [place.run(("python3", "-c", dial), 20).code for place in places]
    agent = cluster.outside[0].channel.ask("/environment", b"{}", 5)
    print(os.getuid(), codes, "POD_NAME" in agent.decode(), cluster.proxy_trouble() or "no trouble")
"""


def test_a_lab_needs_no_root(python: str):
    ran = as_nobody(python, "-c", SCENARIO)

    uid = NOBODY if os.getuid() == 0 else os.getuid()
    assert ran.stdout == f"{uid} [0, 0] True no trouble\n", ran.stderr

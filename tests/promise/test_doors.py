"""Doors: where a Service is served, and to whom."""

import pytest

from svcproof.promise.world import Policy
from tests.promise.scene import CLIENTS, TARGETS, said, web, world


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("target", [target for target in TARGETS if target != "cluster ip"])
def test_every_door_leads_everybody_to_every_endpoint(client, target):
    assert said(world("a1 b1"), client, target) == "always a1 b1"


@pytest.mark.parametrize("client", [client for client in CLIENTS if client != "outside"])
def test_a_cluster_ip_leads_every_pod_and_host_to_every_endpoint(client):
    assert said(world("a1 b1"), client, "cluster ip") == "always a1 b1"


def test_a_cluster_ip_may_be_served_to_the_outside():
    assert said(world("a1 b1"), "outside", "cluster ip") == "open a1* b1*"


def test_external_policy_local_keeps_to_the_node_that_is_asked():
    scene = world("a1 b1", services=[web(external_policy=Policy.LOCAL)])

    assert said(scene, "outside", "node port a") == "always a1"
    assert said(scene, "outside", "node port b") == "always b1"
    assert said(scene, "outside", "node port c") == "never, dropped"

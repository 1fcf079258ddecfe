"""Rules that another program has on a node, as that which leads the ports of hosts to pods."""

from svcproof import PROXY, SHOULD, Capability, Target, answered, behaviours, control, eventually

from ..clauses import KEP

behaviour = behaviours(
    by=PROXY,
    level=SHOULD,
    spec=KEP + "/3866-nftables-proxy",
    requires={Capability.PROXY_CONTROL, Capability.NODE_SHELL, Capability.OUTSIDE_CLIENT},
    fails_under={"proxy/start-flushes-rules-of-others"},
    alone=True,
)


@behaviour()
def test_rules_of_others_outlive_a_restart_of_the_proxy(echo, outside, host_port, neighbour, proxy_control, nodes):
    """A port of a node that another program leads to a pod is led there after the node's proxy has restarted."""
    door = led_to_a_pod(echo, outside, host_port, neighbour, nodes[0])

    proxy_control.restart(nodes[0].name)
    seen = outside.tcp(door, times=3)

    assert seen.all_answered


@behaviour()
def test_rules_of_others_outlive_a_change_of_mode(echo, outside, host_port, neighbour, proxy_control, nodes):
    """A port of a node that another program leads to a pod is led there after the node's proxy has changed its mode."""
    door = led_to_a_pod(echo, outside, host_port, neighbour, nodes[0])

    proxy_control.start(nodes[0].name, mode=proxy_control.other_mode)
    seen = outside.tcp(door, times=3)

    assert seen.all_answered


def led_to_a_pod(echo, outside, host_port, neighbour, node):
    """Have another program lead a port of this node to a pod on it, and return the port."""
    door = Target(node.addresses[0], host_port())
    neighbour(node.name, door, next(pod for pod in echo.pods if pod.node == node.name).at(8080))
    with control("the port is led to the pod"):
        eventually(lambda: outside.tcp(door, times=3), answered)
    return door

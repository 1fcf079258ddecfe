"""Another program removes the rules of a node, as the reload of a firewall does."""

from svcproof import MAY, PROXY, Capability, Expired, Judged, answered, behaviour, eventually

from ..clauses import VIRTUAL_IPS


@behaviour(
    level=MAY,
    spec=VIRTUAL_IPS,
    by=PROXY,
    requires={Capability.PROXY_CONTROL},
    fails_under={"proxy/removed-rules-not-noticed"},
    alone=True,
)
def test_rules_that_another_program_removed(echo, client, proxy_control, nodes, record):
    """Rules that another program removes from a node come back by themselves, or only later, or are not needed."""
    target = echo.service().at_cluster_ip()
    eventually(lambda: client.tcp(target, times=3), answered)

    proxy_control.remove_rules(nodes[0].name)
    if client.tcp(target, times=3).all_answered:
        record("served all the time")
        return
    try:
        eventually(lambda: client.tcp(target, times=3, timeout=0.5), answered, within=Judged.RULES_BACK)
    except Expired:
        record(f"not back within {Judged.RULES_BACK.usual:g} s")
    else:
        record(f"back within {Judged.RULES_BACK.usual:g} s")

"""A neighbour: a Service that comes, changes and goes beside a bystander, and has much in common with it."""

from svcproof import answered, as_promised, control, eventually, silent


def come_change_and_go(bystander, workload, clients, sweep, protocol="TCP", number=80, also=lambda: None, **spec):
    """Make a Service for the pods of a bystander, give it another port, and delete it.

    The bystander is looked at, from everywhere and at each of its doors, as soon as each node has seen a change; `also`
    is called then.
    """
    with control("the bystander is as promised before anything changes beside it"):
        eventually(bystander.look, as_promised)
    first = {"name": "first", "port": number, "targetPort": 8080, "protocol": protocol}
    second = {"name": "second", "port": number + 1, "targetPort": 8081, "protocol": protocol}
    neighbour = workload.service(ports=[first], **spec)
    at_first = neighbour.at_cluster_ip()
    at_second = at_first.at(port=number + 1)

    def await_change(target, expected, timeout=1.0):
        with control("each node has seen the change of the neighbour"):
            eventually(lambda: sweep(clients, [target], times=2, timeout=timeout), expected)
        eventually(bystander.look, as_promised)
        also()

    await_change(at_first, answered)
    neighbour.patch(ports=[first, second])
    await_change(at_second, answered)
    neighbour.delete()
    await_change(at_first, silent, timeout=0.3)

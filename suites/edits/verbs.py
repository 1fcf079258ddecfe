"""Edits: functions that change one thing in a scene, made from the values of a table."""

from .scene import address


def spec(**values):
    """Merge these keys into the spec of the Service; None removes one."""
    return lambda scene: scene.service.patch(**scene.resolved(values))


def metadata(**values):
    """Merge these keys into the metadata of the Service, such as labels or annotations."""
    return lambda scene: scene.service.patch_metadata(**scene.resolved(values))


def ingress(*addresses, mode="VIP"):
    """Write the addresses of status.loadBalancer, as a load balancer does."""
    return lambda scene: scene.service.assign(*scene.resolved(list(addresses)), mode=mode)


def several(*edits):
    """Make several edits, one after another."""

    def make(scene):
        for edit in edits:
            edit(scene)

    return make


def named(scene):
    """Make a Service of type ExternalName what it was at first, of which a load balancer wrote the status."""
    begun = scene.kept["begun"]
    own = {key: begun[key] for key in ("type", "loadBalancerClass", "externalTrafficPolicy") if key in begun}
    scene.service.patch(externalName=None, **own)
    if begun["type"] == "LoadBalancer":
        scene.service.assign(address("again")(scene))


def unused_node_port(scene):
    """A node port that no Service has: one that was given to another, which is deleted."""

    def choose():
        other = scene.workbench.service(type="NodePort")
        number = other.spec["ports"][0]["nodePort"]
        other.delete()
        return number

    return scene.once("unused node port", choose)

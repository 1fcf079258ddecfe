"""kube-proxy made to run in another mode, or taken off the nodes, and put back."""

from svcproof.errors import NotFound, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import LAST_LINES, called, gone, is_owned, log, pods, rolled_out
from svcproof.kubernetes.swap import config
from svcproof.kubernetes.swap.kube_proxy import KubeProxy
from svcproof.kubernetes.swap.record import Config, Journal, TakenOff
from svcproof.kubernetes.swap.sweep import sweep
from svcproof.model.cluster import Progress
from svcproof.wait import provisioned

NOWHERE = "svcproof.dev/nowhere"
"""A label that no node has."""
RESTART_WITHIN = 90.0
REVISIONS_WITHIN = 15.0
REVISION = "apps/v1 ControllerRevision"
FORGETFUL = "https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-ipvs"


def to_mode(kube: Kube, found: KubeProxy, mode: str, journal: Journal, progress: Progress) -> None:
    """Have kube-proxy run in another mode; its own start removes the rules of the mode before.

    The DaemonSet stays as it is, and has its pods made anew: a change of its template would leave a
    ControllerRevision and a count behind. Raises ProvisionError where that cannot be, or does not come up.
    """
    if found.config is None:
        raise ProvisionError(
            f"kube-proxy runs in mode {found.mode}, and its mode cannot be changed to {mode}: its DaemonSet has no "
            "--config from a ConfigMap. Test what is there with --proxy cluster-default"
        )
    if "ipvs" in (found.mode, mode):
        # Neither way does its start remove what the other mode has left, unlike that of iptables and nftables.
        raise ProvisionError(
            f"kube-proxy runs in mode {found.mode}, and cannot be changed to {mode} in place: it leaves IPVS servers "
            f"behind, or rules beside them ({FORGETFUL}). Use a cluster that was made with mode {mode}"
        )
    journal.note(config=found.config)
    progress(f"changing kube-proxy from mode {found.mode} to {mode}")
    write(kube, found.config, config.with_mode(found.config.text, mode))
    restart(kube, found.daemon_set, mode)


def write(kube: Kube, at: Config, text: str) -> None:
    """Put a text into a key of a ConfigMap."""
    kube.patch("ConfigMap", at.name, at.namespace, {"data": {at.key: text}})


def restart(kube: Kube, daemon_set: Object, mode: str) -> None:
    """Have all pods of a DaemonSet made anew, and wait until each says that it runs in this mode."""
    old = {pod["metadata"]["uid"]: pod["metadata"] for pod in pods(kube, daemon_set)}
    for metadata in old.values():
        kube.delete("Pod", metadata["name"], metadata["namespace"], missing_ok=True)
    rolled_out(kube, daemon_set, RESTART_WITHIN, without=old)
    running(kube, daemon_set, mode)


def running(kube: Kube, daemon_set: Object, mode: str) -> None:
    """Wait until every pod of kube-proxy says in its log that it runs in this mode.

    A kubelet may mount a ConfigMap as it was a minute before. kube-proxy ends when the file changes, and starts anew.
    """
    sign = f"Using {mode} Proxier"

    def look() -> dict[str, str]:
        said = {pod["metadata"]["name"]: log(kube, pod) for pod in pods(kube, daemon_set)}
        return {name: _end(text) for name, text in said.items() if sign not in text}

    def none(others: dict[str, str]) -> bool:
        """Every pod says so."""
        return not others

    provisioned(f"{sign!r} in the logs of kube-proxy", look, none, RESTART_WITHIN, every=0.5)


def take_off(kube: Kube, found: KubeProxy, token: str, journal: Journal, progress: Progress) -> None:
    """Keep kube-proxy from every node, and remove its rules there; raises ProvisionError where that fails."""
    metadata = found.daemon_set["metadata"]
    name, namespace = metadata["name"], metadata["namespace"]
    nodes = tuple(pod["spec"]["nodeName"] for pod in pods(kube, found.daemon_set))
    journal.note(taken_off=TakenOff(name, namespace, _revisions(kube, found.daemon_set)))
    progress(f"taking kube-proxy off {len(nodes)} nodes")
    kube.patch("DaemonSet", name, namespace, _selecting({NOWHERE: token}))
    gone(kube, found.daemon_set, RESTART_WITHIN)
    progress(f"removing the rules of kube-proxy on {len(nodes)} nodes")
    sweep(kube, found, nodes, token)


def put_on(kube: Kube, was: TakenOff) -> None:
    """Let kube-proxy onto the nodes again, and its history be what it was.

    What stays is a count in an annotation, deprecated.daemonset.template.generation, which only the API server sets.
    """
    try:
        daemon_set = kube.patch("DaemonSet", was.name, was.namespace, _selecting({NOWHERE: None}))
    except NotFound:
        return  # Somebody has removed it for good.
    rolled_out(kube, daemon_set, RESTART_WITHIN)
    _forget_revisions(kube, daemon_set, was)


def _forget_revisions(kube: Kube, daemon_set: Object, was: TakenOff) -> None:
    """Have the revisions there were, with the numbers they had; what the controller remembers is older for a moment."""

    def look() -> dict[str, int]:
        changed = _revisions(kube, daemon_set).items() - was.revisions.items()
        for name, _ in changed:
            if name in was.revisions:
                kube.patch(REVISION, name, was.namespace, {"revision": was.revisions[name]})
            else:
                kube.delete(REVISION, name, was.namespace, missing_ok=True)
        return dict(changed)

    def none(changed: dict[str, int]) -> bool:
        """They are."""
        return not changed

    provisioned(f"the revisions of {called(daemon_set)} to be as before", look, none, REVISIONS_WITHIN, every=0.5)


def _end(text: str) -> str:
    return "\n".join(text.splitlines()[-LAST_LINES:])


def _selecting(labels: dict[str, str | None]) -> Object:
    return {"spec": {"template": {"spec": {"nodeSelector": labels}}}}


def _revisions(kube: Kube, daemon_set: Object) -> dict[str, int]:
    found = kube.list(REVISION, daemon_set["metadata"]["namespace"])
    return {one["metadata"]["name"]: one["revision"] for one in found if is_owned(one, daemon_set)}

"""Changes of a cluster's kube-proxy, and their undoing: another mode, or none of its pods on any node."""

from svcproof.errors import NotFound, ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.rollout import (
    LAST_LINES,
    await_no_pods,
    await_rollout,
    is_owned_by,
    pod_log,
    pods_of,
    title_of,
)
from svcproof.kubernetes.swap.change_record import ChangeRecord, RemovedDaemonSet, SavedConfiguration
from svcproof.kubernetes.swap.kube_proxy import InstalledKubeProxy, mode_in, require_kube_proxy, with_mode
from svcproof.kubernetes.swap.kube_proxy_cleanup import remove_rules
from svcproof.limits import Provision
from svcproof.model.cluster import Progress
from svcproof.wait import await_none

NOWHERE = "svcproof.dev/nowhere"
"""A label that no node has."""
REVISION = "apps/v1 ControllerRevision"
IPVS_LEFTOVERS = "https://kubernetes.io/docs/reference/networking/virtual-ips/#proxy-mode-ipvs"


def change_mode(kube: Kube, installed: InstalledKubeProxy, mode: str, record: ChangeRecord, progress: Progress) -> None:
    """Have kube-proxy run in another mode; its own start removes the rules of the mode before.

    The DaemonSet stays as it is, and has its pods made anew: a change of its template would leave a
    ControllerRevision and a count behind. Raises ProvisionError if that cannot be done, or it does not come up.
    """
    if installed.configuration is None:
        raise ProvisionError(
            f"kube-proxy runs in mode {installed.mode}, and its mode cannot be changed to {mode}: its DaemonSet has no "
            "--config from a ConfigMap. Test what is there with --proxy cluster-default"
        )
    if "ipvs" in (installed.mode, mode):
        # Neither way does its start remove what the other mode has left, unlike that of iptables and nftables.
        raise ProvisionError(
            f"kube-proxy runs in mode {installed.mode}, and cannot be changed to {mode} in place: it leaves IPVS "
            f"servers behind, or rules beside them ({IPVS_LEFTOVERS}). Use a cluster that was made with mode {mode}"
        )
    record.add(config=installed.configuration)
    progress(f"changing kube-proxy from mode {installed.mode} to {mode}")
    _write(kube, installed.configuration, with_mode(installed.configuration.text, mode))
    _restart(kube, installed.daemon_set, mode)


def restore_configuration(kube: Kube, saved: SavedConfiguration) -> None:
    """Undo a change of mode."""
    _write(kube, saved, saved.text)
    _restart(kube, require_kube_proxy(kube).daemon_set, mode_in(saved.text))


def remove_from_nodes(
    kube: Kube, installed: InstalledKubeProxy, token: str, record: ChangeRecord, progress: Progress
) -> None:
    """Keep kube-proxy from every node, and remove its rules there; raises ProvisionError if that fails."""
    metadata = installed.daemon_set["metadata"]
    name, namespace = metadata["name"], metadata["namespace"]
    nodes = tuple(pod["spec"]["nodeName"] for pod in pods_of(kube, installed.daemon_set))
    record.add(taken_off=RemovedDaemonSet(name, namespace, _revisions(kube, installed.daemon_set)))
    progress(f"taking kube-proxy off {len(nodes)} nodes")
    kube.patch("DaemonSet", name, namespace, _node_selector({NOWHERE: token}))
    await_no_pods(kube, installed.daemon_set, Provision.KUBE_PROXY_RESTARTED)
    progress(f"removing the rules of kube-proxy on {len(nodes)} nodes")
    remove_rules(kube, installed, nodes, token)


def return_to_nodes(kube: Kube, removed: RemovedDaemonSet) -> None:
    """Let kube-proxy run on the nodes again, and restore its history.

    What stays is a count in an annotation, deprecated.daemonset.template.generation, which only the API server sets.
    """
    try:
        daemon_set = kube.patch("DaemonSet", removed.name, removed.namespace, _node_selector({NOWHERE: None}))
    except NotFound:
        return  # Somebody has removed it for good.
    await_rollout(kube, daemon_set, Provision.KUBE_PROXY_RESTARTED)
    _restore_revisions(kube, daemon_set, removed)


def _write(kube: Kube, configuration: SavedConfiguration, text: str) -> None:
    kube.patch("ConfigMap", configuration.name, configuration.namespace, {"data": {configuration.key: text}})


def _restart(kube: Kube, daemon_set: Object, mode: str) -> None:
    """Have all pods of kube-proxy made anew, and wait until each says that it runs in this mode."""
    old = {pod["metadata"]["uid"]: pod["metadata"] for pod in pods_of(kube, daemon_set)}
    for metadata in old.values():
        kube.delete("Pod", metadata["name"], metadata["namespace"], missing_ok=True)
    await_rollout(kube, daemon_set, Provision.KUBE_PROXY_RESTARTED, without=old)
    _await_mode(kube, daemon_set, mode)


def _await_mode(kube: Kube, daemon_set: Object, mode: str) -> None:
    """Wait until every pod of kube-proxy says in its log that it runs in this mode.

    A kubelet may mount a ConfigMap as it was a minute before. kube-proxy ends when the file changes, and starts anew.
    """
    sign = f"Using {mode} Proxier"

    def logs_without_sign() -> dict[str, str]:
        logs = {pod["metadata"]["name"]: pod_log(kube, pod) for pod in pods_of(kube, daemon_set)}
        return {name: "\n".join(text.splitlines()[-LAST_LINES:]) for name, text in logs.items() if sign not in text}

    await_none(f"{sign!r} in the logs of kube-proxy", logs_without_sign, Provision.KUBE_PROXY_RESTARTED, every=0.5)


def _restore_revisions(kube: Kube, daemon_set: Object, removed: RemovedDaemonSet) -> None:
    """Have the revisions that were recorded, with their numbers; the controller may use older ones for a moment."""

    def restore_changed() -> dict[str, int]:
        changed = _revisions(kube, daemon_set).items() - removed.revisions.items()
        for name, _ in changed:
            if name in removed.revisions:
                kube.patch(REVISION, name, removed.namespace, {"revision": removed.revisions[name]})
            else:
                kube.delete(REVISION, name, removed.namespace, missing_ok=True)
        return dict(changed)

    title = f"the revisions of {title_of(daemon_set)} to be as before"
    await_none(title, restore_changed, Provision.KUBE_PROXY_REVISIONS_BACK, every=0.5)


def _node_selector(labels: dict[str, str | None]) -> Object:
    return {"spec": {"template": {"spec": {"nodeSelector": labels}}}}


def _revisions(kube: Kube, daemon_set: Object) -> dict[str, int]:
    revisions = kube.list(REVISION, daemon_set["metadata"]["namespace"])
    return {
        revision["metadata"]["name"]: revision["revision"]
        for revision in revisions
        if is_owned_by(revision, daemon_set)
    }

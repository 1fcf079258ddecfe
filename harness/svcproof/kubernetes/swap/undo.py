"""The way back: everything that was changed to get a proxy in is put back from the record."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects.apply import Step, remove_objects, undo_all
from svcproof.kubernetes.swap import helm, install_methods, kube_proxy_changes, kube_proxy_cleanup
from svcproof.kubernetes.swap.change_record import ProxyChanges, delete_record, read_changes
from svcproof.kubernetes.swap.kube_proxy import mode_in
from svcproof.model.cluster import Progress


def undo_killed_run(kube: Kube, kubeconfig: Path, progress: Progress, *, token: str = "") -> str:
    """Put back what a killed run has changed in this cluster; return it in words, empty if there is nothing.

    `token` is that run's; without one any run is meant, and none may be active. `kubeconfig` is for helm and scripts.
    Raises ProvisionError with all that could not be put back; the record then stays, for the next attempt.
    """
    changes = read_changes(kube)
    if changes is None or token not in ("", changes.token):
        return ""
    undo_changes(kube, kubeconfig, changes, progress)
    return f"what run {changes.token} changed to test {changes.proxy}"


def changing_run(kube: Kube) -> str:
    """The token of the run that has changed this cluster's proxy; empty if none has."""
    changes = read_changes(kube)
    return changes.token if changes else ""


def undo_changes(kube: Kube, kubeconfig: Path, changes: ProxyChanges, progress: Progress) -> None:
    """Put back all changes, the last first, and delete the record; a step that fails does not prevent the others."""
    undo_all(_steps(kube, kubeconfig, changes), progress)
    delete_record(kube)


def _steps(kube: Kube, kubeconfig: Path, changes: ProxyChanges) -> Iterator[Step]:
    if script := changes.script:
        yield f"running {script} uninstall", lambda: install_methods.run_script(script, "uninstall", kubeconfig)
    if release := changes.release:
        yield f"uninstalling the Helm release {release.name}", lambda: helm.uninstall_release(release, kubeconfig)
    for definition in changes.definitions:
        yield f"deleting {definition}", partial(kube.delete, definition.kind, definition.name, missing_ok=True)
    if applied := changes.applied:
        step = f"deleting the {len(applied)} objects of {changes.proxy}"
        yield step, lambda: remove_objects(kube, applied, changes.token)
    if removed := changes.taken_off:
        step = "ending the removal of the rules of kube-proxy"
        yield step, lambda: kube_proxy_cleanup.end_cleanup(kube, removed.namespace, changes.token)
        yield "putting kube-proxy back on the nodes", lambda: kube_proxy_changes.return_to_nodes(kube, removed)
    if saved := changes.config:
        step = f"putting kube-proxy back to mode {mode_in(saved.text)}"
        yield step, lambda: kube_proxy_changes.restore_configuration(kube, saved)

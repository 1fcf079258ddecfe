"""Everything that was changed to get a proxy in, put back from its record."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.objects import apply, undoing
from svcproof.kubernetes.objects.undoing import Step
from svcproof.kubernetes.swap import config, helm, kube_proxy, program, sweep, switch
from svcproof.kubernetes.swap.record import Config, Record, forget, recorded
from svcproof.model.cluster import Progress


def put_back(kube: Kube, kubeconfig: Path, progress: Progress, *, token: str = "") -> str:
    """Put back what a run, which was killed, has changed in this cluster; return it in words, empty where nothing.

    `token` is that run's; without one, whichever run it was: nobody else may be at it then. `kubeconfig` is for helm
    and scripts. Raises ProvisionError with all that could not be put back; the record stays then, for the next
    attempt.
    """
    record = recorded(kube)
    if record is None or token not in ("", record.token):
        return ""
    undo(kube, kubeconfig, record, progress)
    return f"what run {record.token} changed to test {record.proxy}"


def changed_by(kube: Kube) -> str:
    """The token of the run that has changed this cluster's proxy; empty where none has."""
    record = recorded(kube)
    return record.token if record else ""


def undo(kube: Kube, kubeconfig: Path, record: Record, progress: Progress) -> None:
    """Put back what the record says, the last first, and forget it; what fails does not keep the rest from it."""
    undoing.undo(_steps(kube, kubeconfig, record), progress)
    forget(kube)


def _steps(kube: Kube, kubeconfig: Path, record: Record) -> Iterator[Step]:
    if record.script:
        yield f"running {record.script} uninstall", lambda: program.run((record.script, "uninstall"), kubeconfig)
    if release := record.release:
        yield f"uninstalling the Helm release {release.name}", lambda: helm.uninstall(release, kubeconfig)
    for one in record.definitions:
        yield f"deleting {one}", partial(kube.delete, one.kind, one.name, missing_ok=True)
    if record.applied:
        what = f"deleting the {len(record.applied)} objects of {record.proxy}"
        yield what, lambda: apply.remove(kube, record.applied, record.token)
    if was := record.taken_off:
        yield "ending what removes the rules of kube-proxy", lambda: sweep.end(kube, was.namespace, record.token)
        yield "putting kube-proxy back on the nodes", lambda: switch.put_on(kube, was)
    if at := record.config:
        mode = config.mode_of(at.text)
        yield f"putting kube-proxy back to mode {mode}", lambda: _configure(kube, at, mode)


def _configure(kube: Kube, at: Config, mode: str) -> None:
    switch.write(kube, at, at.text)
    switch.restart(kube, kube_proxy.wanted(kube).daemon_set, mode)

"""A Helm chart put into a cluster, and removed, by the program helm."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.objects.apply import Ref
from svcproof.kubernetes.swap import program
from svcproof.kubernetes.swap.record import Release
from svcproof.model.proxy_spec import Helm
from svcproof.yaml_reading import MANIFEST, Unsound, parse

NAME = "svcproof-proxy"
SECONDS = int(program.WITHIN)


def required() -> None:
    """Raise ProvisionError where there is no helm to call."""
    if shutil.which("helm") is None:
        raise ProvisionError(
            "this proxy is installed by a Helm chart, and helm is not on PATH: install it "
            "(https://helm.sh/docs/intro/install/)"
        )


def definitions(helm: Helm, kubeconfig: Path) -> tuple[Ref, ...]:
    """Name the CustomResourceDefinitions that the chart brings along, which helm installs and never removes."""
    shown = program.run(("helm", "show", "crds", helm.chart, *_source(helm)), kubeconfig)
    try:
        parts = parse(shown, MANIFEST)
        found: list[Object] = [part.value for part in parts if part.value is not None]
        return tuple(Ref(f"{one['apiVersion']} {one['kind']}", one["metadata"]["name"], "") for one in found)
    except (Unsound, KeyError, TypeError) as error:
        raise ProvisionError(f"helm show crds {helm.chart} prints what is no list of objects: {error}") from error


def release(helm: Helm) -> Release:
    """The release that the chart becomes."""
    return Release(NAME, helm.namespace)


def refuse_existing(one: Release, kubeconfig: Path) -> None:
    """Raise ProvisionError where there is such a release already."""
    listed = program.run(("helm", "list", "--all", "--output", "json", "--namespace", one.namespace), kubeconfig)
    if any(other["name"] == one.name for other in json.loads(listed)):
        raise ProvisionError(
            f"there is a Helm release {one.name} in namespace {one.namespace} already: where the run that made it was "
            f"killed, remove it with: svcproof clean; otherwise: helm uninstall {one.name} -n {one.namespace}"
        )


def install(helm: Helm, kubeconfig: Path) -> None:
    """Install the chart and wait until what it holds is ready; raises ProvisionError with helm's last lines."""
    one = release(helm)
    with _values(helm) as values:
        command = ("helm", "upgrade", "--install", one.name, helm.chart, "--namespace", one.namespace)
        waiting = ("--wait", "--timeout", f"{SECONDS}s")
        program.run((*command, *_source(helm), "--values", values, *waiting), kubeconfig, within=SECONDS + 30)


def uninstall(one: Release, kubeconfig: Path) -> None:
    """Remove the release and wait until that is done; that there is none is fine."""
    command = ("helm", "uninstall", one.name, "--namespace", one.namespace, "--ignore-not-found")
    program.run((*command, "--wait", "--timeout", f"{SECONDS}s"), kubeconfig, within=SECONDS + 30)


def _source(helm: Helm) -> tuple[str, ...]:
    repo = ("--repo", helm.repo) if helm.repo else ()
    return (*repo, "--version", helm.version) if helm.version else repo


@contextmanager
def _values(helm: Helm) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(dict(helm.values), file)
        file.flush()
        yield file.name

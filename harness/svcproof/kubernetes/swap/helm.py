"""Installation and removal of a Helm chart, by the program helm."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from svcproof.commands import Command
from svcproof.errors import ProvisionError
from svcproof.json_objects import Object
from svcproof.kubernetes.objects.apply import ObjectRef
from svcproof.kubernetes.swap.change_record import HelmRelease
from svcproof.limits import Provision, Request
from svcproof.model.proxy_spec import Helm
from svcproof.yaml_reading import MANIFEST, Unsound, parse

NAME = "svcproof-proxy"


def require_helm() -> None:
    """Raise ProvisionError if there is no helm to call."""
    if shutil.which("helm") is None:
        raise ProvisionError(
            "this proxy is installed by a Helm chart, and helm is not on PATH: install it "
            "(https://helm.sh/docs/intro/install/)"
        )


def chart_definitions(chart: Helm, kubeconfig: Path) -> tuple[ObjectRef, ...]:
    """Name the CustomResourceDefinitions that the chart brings along, which helm installs and never removes."""
    crds = _helm(("show", "crds", chart.chart, *_source(chart)), kubeconfig)
    try:
        objects: list[Object] = [part.value for part in parse(crds, MANIFEST) if part.value is not None]
        return tuple(ObjectRef(f"{crd['apiVersion']} {crd['kind']}", crd["metadata"]["name"], "") for crd in objects)
    except (Unsound, KeyError, TypeError) as error:
        raise ProvisionError(f"helm show crds {chart.chart} does not print a list of objects: {error}") from error


def release_of(chart: Helm) -> HelmRelease:
    """The release that the chart becomes."""
    return HelmRelease(NAME, chart.namespace)


def refuse_existing_release(release: HelmRelease, kubeconfig: Path) -> None:
    """Raise ProvisionError if there is such a release already."""
    listed = _helm(("list", "--all", "--output", "json", "--namespace", release.namespace), kubeconfig)
    if any(other["name"] == release.name for other in json.loads(listed)):
        raise ProvisionError(
            f"there is a Helm release {release.name} in namespace {release.namespace} already: if the run that made it "
            f"was killed, remove it with: svcproof clean; otherwise: helm uninstall {release.name} "
            f"-n {release.namespace}"
        )


def install_chart(chart: Helm, kubeconfig: Path) -> None:
    """Install the chart and wait until what it holds is ready; raises ProvisionError with helm's last lines."""
    release = release_of(chart)
    with _values_file(chart) as values:
        command = ("upgrade", "--install", release.name, chart.chart, "--namespace", release.namespace)
        _helm((*command, *_source(chart), "--values", values, *_waiting()), kubeconfig)


def uninstall_release(release: HelmRelease, kubeconfig: Path) -> None:
    """Remove the release, if there is one, and wait until that is done."""
    command = ("uninstall", release.name, "--namespace", release.namespace, "--ignore-not-found")
    _helm((*command, *_waiting()), kubeconfig)


def _helm(words: tuple[str, ...], kubeconfig: Path) -> str:
    within = Provision.PROXY_INSTALLED.seconds + Request.HELM_EXPLAINS.seconds
    return Command(("helm", *words), within, variables={"KUBECONFIG": str(kubeconfig)}).output()


def _waiting() -> tuple[str, ...]:
    return ("--wait", "--timeout", f"{Provision.PROXY_INSTALLED.seconds:.0f}s")


def _source(chart: Helm) -> tuple[str, ...]:
    repo = ("--repo", chart.repo) if chart.repo else ()
    return (*repo, "--version", chart.version) if chart.version else repo


@contextmanager
def _values_file(chart: Helm) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(dict(chart.values), file)
        file.flush()
        yield file.name

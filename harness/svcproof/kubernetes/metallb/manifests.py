"""MetalLB's manifest: a file of the user's, or that of the release pinned here, by address and digest."""

import hashlib
import http.client
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from svcproof.binaries.cache import alone
from svcproof.declare import manifests
from svcproof.disk import write_whole
from svcproof.errors import ProvisionError, UsageError
from svcproof.json_objects import Object
from svcproof.limits import Request
from svcproof.model.cluster import Progress
from svcproof.model.cluster_spec import MetalLBSpec

VERSION = "v0.16.2"
URL = f"https://raw.githubusercontent.com/metallb/metallb/{VERSION}/config/manifests/metallb-native.yaml"
# To make it again, also where that address cannot be reached, from the same tag's Go module:
#   go mod download -json go.universe.tf/metallb@v0.16.2    its Dir has config/manifests/metallb-native.yaml: sha256sum
SHA256 = "e5f7c268f114c446dc60aaad71b7cabf861f637743e033e354d7d48592807c6d"
LARGEST = 8 << 20
"""Bytes that are read at most."""
GROUP = "metallb.io"
NEEDED = ("ipaddresspools", "l2advertisements")
"""The kinds of MetalLB's own that its layer 2 mode is configured by, since 0.13."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The objects to install; `controller` and `speaker` are among them."""

    objects: tuple[Object, ...]
    controller: Object
    speaker: Object

    @property
    def namespace(self) -> str:
        """The namespace in which MetalLB runs, and looks for its pools."""
        return str(self.controller["metadata"]["namespace"])

    @property
    def images(self) -> tuple[str, ...]:
        """All images that its pods run."""
        return manifests.images(self.objects)

    @property
    def version(self) -> str:
        """The tag of the controller's image, such as v0.13.5; empty if it has none."""
        return version_of(image_of(self.controller["spec"]["template"]["spec"], "controller"))


def manifest(spec: MetalLBSpec, progress: Progress) -> Manifest:
    """Return the manifest that is declared, or the one of the release that is pinned here.

    Raises UsageError if the file is not a manifest of MetalLB, ProvisionError if the release could not be obtained.
    """
    path = Path(spec.manifest) if spec.manifest else obtain_release(progress)
    return read(path)


def read(path: Path) -> Manifest:
    """Read a manifest; raises UsageError if it cannot be read, or is not of a MetalLB that svcproof can configure."""
    objects = manifests.read(path)
    controller = _workload(objects, "Deployment", "controller")
    speaker = _workload(objects, "DaemonSet", "speaker")
    definitions = (item["spec"] for item in objects if item["kind"] == "CustomResourceDefinition")
    kinds = {definition["names"]["plural"] for definition in definitions if definition.get("group") == GROUP}
    lacking = [
        *(["Deployment of the controller"] if controller is None else []),
        *(["DaemonSet of the speaker"] if speaker is None else []),
        *(f"CustomResourceDefinition {name}.{GROUP}" for name in NEEDED if name not in kinds),
    ]
    if controller is None or speaker is None or lacking:
        remedy = "use config/manifests/metallb-native.yaml of a release of MetalLB, 0.13 or later"
        raise UsageError(f"{path}: is not a manifest of MetalLB: it has no {', no '.join(lacking)}; {remedy}")
    namespace = controller["metadata"].get("namespace")
    if not any(item["kind"] == "Namespace" and item["metadata"]["name"] == namespace for item in objects):
        raise UsageError(f"{path}: MetalLB's namespace {namespace or ''} is not in it: add the object")
    return Manifest(objects, controller, speaker)


def image_of(pod: Object, part: str) -> str:
    """Return the image of MetalLB's controller or speaker in a pod's spec; empty if it runs neither."""
    containers = pod.get("containers") or ()
    images = (container["image"] for container in containers)
    return next((image for image in images if _is_metallb(image, part)), "")


def version_of(image: str) -> str:
    """Return an image's tag; empty if it has none."""
    name, _, tag = image.partition("@")[0].rpartition(":")
    return tag if name and "/" not in tag else ""


def _is_metallb(image: str, part: str) -> bool:
    """True for quay.io/metallb/controller, and for names that have it in them as mirrors and own builds do."""
    name = image.partition("@")[0]
    return "metallb" in name and part in name.rpartition("/")[2]


def _workload(objects: tuple[Object, ...], kind: str, part: str) -> Object | None:
    workloads = (item for item in objects if item["kind"] == kind)
    return next((item for item in workloads if image_of(item["spec"]["template"]["spec"], part)), None)


def obtain_release(progress: Progress) -> Path:
    """Return the release's manifest, from the user's cache or, once, from its address.

    Whole or not at all, and checked against its digest each time. Raises ProvisionError if it cannot be had, with
    the option that takes a file in its place.
    """
    with alone(f"metallb-{VERSION}", progress) as folder:
        path = folder / "metallb-native.yaml"
        if not (path.is_file() and _digest(path.read_bytes()) == SHA256):
            progress(f"obtaining MetalLB {VERSION} from {URL}")
            write_whole(path, _download())
    return path


def _download() -> bytes:
    try:
        with urllib.request.urlopen(URL, timeout=Request.DOWNLOAD.seconds) as answer:
            content: bytes = answer.read(LARGEST)
    except (OSError, http.client.HTTPException) as error:
        raise ProvisionError(_not_obtained(f"{error}")) from error
    if (digest := _digest(content)) != SHA256:
        raise ProvisionError(_not_obtained(f"what came has the SHA-256 {digest}, and not {SHA256}"))
    return content


def _not_obtained(why: str) -> str:
    remedy = "if this machine cannot reach that address, download the file elsewhere: --metallb-manifest PATH"
    return f"MetalLB {VERSION} could not be obtained from {URL}: {why}; {remedy}"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

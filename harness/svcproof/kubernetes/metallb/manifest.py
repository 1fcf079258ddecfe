"""MetalLB's manifest: which objects, which images, which version."""

from dataclasses import dataclass
from pathlib import Path

from svcproof.declare import manifests
from svcproof.errors import UsageError
from svcproof.json_objects import Object
from svcproof.kubernetes.metallb.release import obtained
from svcproof.model.cluster import Progress
from svcproof.model.real_spec import MetalLBSpec

GROUP = "metallb.io"
NEEDED = ("ipaddresspools", "l2advertisements")
"""The kinds of MetalLB's own that its layer 2 mode is configured by, since 0.13."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is to be installed. `controller` and `speaker` are among the `objects`."""

    objects: tuple[Object, ...]
    controller: Object
    speaker: Object
    source: str
    """The file it is from."""

    @property
    def namespace(self) -> str:
        """Where MetalLB runs, and looks for its pools."""
        return str(self.controller["metadata"]["namespace"])

    @property
    def images(self) -> tuple[str, ...]:
        """All images that its pods run."""
        return manifests.images(self.objects)

    @property
    def version(self) -> str:
        """What the controller's image is tagged with, such as v0.13.5; empty where it has no tag."""
        return version_of(image_of(self.controller["spec"]["template"]["spec"], "controller"))


def manifest(spec: MetalLBSpec, progress: Progress) -> Manifest:
    """Return the manifest that is declared, or the one of the release that is pinned here.

    Raises UsageError where the file is none of MetalLB's, ProvisionError where the release could not be obtained.
    """
    path = Path(spec.manifest) if spec.manifest else obtained(progress)
    return read(path)


def read(path: Path) -> Manifest:
    """Read a manifest; raises UsageError where it cannot be read, or is none of a MetalLB that we can configure."""
    objects = manifests.read(path)
    controller = _workload(objects, "Deployment", "controller")
    speaker = _workload(objects, "DaemonSet", "speaker")
    kinds = {one["spec"]["names"]["plural"] for one in objects if _is_definition(one)}
    lacking = [
        *(["Deployment of the controller"] if controller is None else []),
        *(["DaemonSet of the speaker"] if speaker is None else []),
        *(f"CustomResourceDefinition {name}.{GROUP}" for name in NEEDED if name not in kinds),
    ]
    if controller is None or speaker is None or lacking:
        remedy = "use config/manifests/metallb-native.yaml of a release of MetalLB, 0.13 or later"
        raise UsageError(f"{path}: is no manifest of MetalLB: there is no {', no '.join(lacking)}; {remedy}")
    namespace = controller["metadata"].get("namespace")
    if not any(one["kind"] == "Namespace" and one["metadata"]["name"] == namespace for one in objects):
        raise UsageError(f"{path}: MetalLB's namespace {namespace or ''} is not in it: add the object")
    return Manifest(objects, controller, speaker, str(path))


def image_of(pod: Object, part: str) -> str:
    """Return the image of MetalLB's controller or speaker in a pod's spec; empty where it runs none."""
    containers = pod.get("containers") or ()
    return next((one["image"] for one in containers if _is_metallb(one["image"], part)), "")


def version_of(image: str) -> str:
    """Return an image's tag; empty where it has none."""
    name, _, tag = image.partition("@")[0].rpartition(":")
    return tag if name and "/" not in tag else ""


def _is_metallb(image: str, part: str) -> bool:
    """Whether it is quay.io/metallb/controller, or has it in its name as mirrors and own builds do."""
    name = image.partition("@")[0]
    return "metallb" in name and part in name.rpartition("/")[2]


def _workload(objects: tuple[Object, ...], kind: str, part: str) -> Object | None:
    return next(
        (one for one in objects if one["kind"] == kind and image_of(one["spec"]["template"]["spec"], part)), None
    )


def _is_definition(one: Object) -> bool:
    return bool(one["kind"] == "CustomResourceDefinition" and one["spec"].get("group") == GROUP)

"""Images of this machine's engine, put into the nodes."""

from collections.abc import Sequence
from pathlib import Path

from svcproof.commands import last_lines
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.tools import Tools
from svcproof.limits import Provision
from svcproof.model.cluster import Progress

OLD_ENOUGH = "import sys; sys.version_info >= (3, 9) or sys.exit('it is Python ' + sys.version)"


def obtain(engine: Engine, image: str, progress: Progress) -> None:
    """Have the engine pull an image that it has not; raises ProvisionError where it cannot."""
    if engine.has_image(image):
        return
    progress(f"pulling {image}, the image of the sample pods and the clients outside")
    pulled = engine.attempt("pull", image, within=Provision.IMAGES_LOADED)
    if pulled.code:
        raise ProvisionError(
            f"the image of the sample pods and the clients outside is not here, and {engine.name} pull {image} "
            f"failed: {_end(pulled.stderr_text)}\n"
            "Name one that is here, or can be pulled, with --image: any with a python3 of 3.9 or newer"
        )


def check(engine: Engine, image: str, wanted: Sequence[str]) -> None:
    """Raise ProvisionError where the image of the agents has no Python, or one to be loaded is not here."""
    trial = engine.attempt("run", "--rm", "--network", "none", "--entrypoint", "python3", image, "-c", OLD_ENOUGH)
    if trial.code:
        raise ProvisionError(
            f"{image} cannot be the image of the sample pods and the clients outside: {engine.name} run python3 in it "
            f"failed: {_end(trial.stderr_text)}\nName another with --image: any with a python3 of 3.9 or newer"
        )
    if missing := [image_name for image_name in wanted if not engine.has_image(image_name)]:
        raise ProvisionError(
            f"{engine.name} has no image {', no '.join(missing)}, which kind.load of the declaration names: pull or "
            "build it first, or leave it out and the nodes pull it"
        )


def load(
    tools: Tools, cluster: str, nodes: tuple[str, ...], images: tuple[str, ...], directory: Path, progress: Progress
) -> None:
    """Load those of `images` that the engine has and some node has not; the others the nodes pull themselves.

    By way of an archive: kind's own load of an image fails with Docker's containerd image store
    (https://github.com/kubernetes-sigs/kind/issues/3795).
    """
    engine = tools.engine
    missing = [
        name for name in dict.fromkeys(images) if engine.has_image(name) and not _everywhere(engine, nodes, name)
    ]
    if not missing:
        return
    progress(f"loading {', '.join(missing)} into the nodes")
    archive = directory / "images.tar"
    engine.run("save", *_platform(engine), "--output", str(archive), *missing, within=Provision.IMAGES_LOADED)
    tools.kind.load(cluster, archive)
    archive.unlink()


def loadable(engine: Engine, image: str) -> str:
    """The name under which an image gets into the nodes; where it is one by digest, a tag of ours for it.

    An archive holds no digests: what is loaded is known in the node by its tags alone.
    """
    name, _, digest = image.partition("@")
    if not digest or not engine.has_image(image):
        return image
    tag = f"svcproof.local/{name.rpartition('/')[2].partition(':')[0]}:{digest.rpartition(':')[2][:12]}"
    engine.run("tag", image, tag)
    return tag


def _end(printed: str) -> str:
    return "\n".join(last_lines(printed, 3)) or "it printed nothing"


def _platform(engine: Engine) -> tuple[str, ...]:
    """With the containerd image store, an archive of all platforms names what was never pulled."""
    info = engine.info()
    if "io.containerd.snapshotter" not in str(info.get("DriverStatus")):
        return ()
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}.get(info["Architecture"], info["Architecture"])
    return ("--platform", f"linux/{architecture}")


def _everywhere(engine: Engine, nodes: tuple[str, ...], image: str) -> bool:
    return all(engine.attempt("exec", node, "crictl", "inspecti", "-q", image).code == 0 for node in nodes)

"""Images of this machine's engine, put into the nodes."""

from pathlib import Path

from harness.kind.engine import Engine
from harness.kind.tool import Kind
from harness.model.cluster import Progress


def load(
    engine: Engine, kind: Kind, cluster: str, nodes: tuple[str, ...], images: tuple[str, ...], directory: Path,
    progress: Progress,
) -> None:  # fmt: skip
    """Load those of `images` that the engine has and the nodes have not; the others the nodes pull themselves.

    By way of an archive: kind's own load of an image fails with Docker's containerd image store
    (https://github.com/kubernetes-sigs/kind/issues/3795).
    """
    wanted = tuple(image for image in images if engine.has_image(image) and not _everywhere(engine, nodes, image))
    if not wanted:
        return
    progress(f"loading {', '.join(wanted)} into the nodes")
    archive = directory / "images.tar"
    engine.run("save", "--output", str(archive), *wanted, timeout=300)
    kind.load(cluster, archive)
    archive.unlink()


def _everywhere(engine: Engine, nodes: tuple[str, ...], image: str) -> bool:
    return all(engine.attempt("exec", node, "crictl", "inspecti", "-q", image).returncode == 0 for node in nodes)

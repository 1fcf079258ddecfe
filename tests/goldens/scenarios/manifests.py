"""Manifests such as people apply, and such as must be refused: one scenario a file of `tests/goldens/manifests`."""

from pathlib import Path

import yaml

from harness.lab.apiserver.resources import catalogue
from tests.goldens.step import Step, post

MANIFESTS = Path(__file__).parents[1] / "manifests"


def steps(file: Path) -> tuple[Step, ...]:
    """A POST for each object of a file."""
    documents = list(yaml.safe_load_all(file.read_text()))
    return tuple(_step(number, manifest) for number, manifest in enumerate(documents, 1))


def _step(number: int, manifest: dict[str, object]) -> Step:
    resource = next(
        one for one in catalogue() if (one.api_version, one.kind) == (manifest["apiVersion"], manifest["kind"])
    )
    root = f"/apis/{resource.api_version}" if resource.group else "/api/v1"
    within = "/namespaces/NS" if resource.namespaced else ""
    metadata = manifest["metadata"]
    name = metadata.get("name") or metadata.get("generateName") if isinstance(metadata, dict) else ""
    return post(f"{number} {resource.kind} {name}", f"{root}{within}/{resource.plural}", manifest)


SCENARIOS = {f"{file.parent.name}_{file.stem}": steps(file) for file in sorted(MANIFESTS.glob("*/*.yaml"))}

"""Manifests such as people apply, and such as must be refused: one scenario a file of `tests/goldens/manifests`."""

from pathlib import Path

import yaml

from svcproof.json_objects import Object
from svcproof.lab.apiserver.resources import catalogue
from tests.goldens.scenarios.tables import TABLE
from tests.goldens.step import Step, get, post

MANIFESTS = Path(__file__).parents[1] / "manifests"


def steps(file: Path) -> tuple[Step, ...]:
    """A POST for each object of a file, and then a table of each of them that was accepted."""
    documents = list(yaml.safe_load_all(file.read_text()))
    posts = tuple(_post(number, manifest) for number, manifest in enumerate(documents, 1))
    if file.parent.name == "refused":
        return posts
    named = [(number, manifest) for number, manifest in enumerate(documents, 1) if "name" in manifest["metadata"]]
    return (*posts, *(_table(number, manifest) for number, manifest in named))


def _post(number: int, manifest: Object) -> Step:
    metadata = manifest["metadata"]
    name = metadata.get("name") or metadata["generateName"]
    return post(f"{number} {manifest['kind']} {name}", _collection(manifest), manifest)


def _table(number: int, manifest: Object) -> Step:
    name = manifest["metadata"]["name"]
    path = f"{_collection(manifest)}?fieldSelector=metadata.name={name}"
    return get(f"{number} {manifest['kind']} {name} as a table", path, headers=TABLE)


def _collection(manifest: Object) -> str:
    wanted = manifest["apiVersion"], manifest["kind"]
    resource = next(one for one in catalogue() if (one.api_version, one.kind) == wanted)
    root = f"/apis/{resource.api_version}" if resource.group else "/api/v1"
    within = "/namespaces/NS" if resource.namespaced else ""
    return f"{root}{within}/{resource.plural}"


SCENARIOS = {f"{file.parent.name}_{file.stem}": steps(file) for file in sorted(MANIFESTS.glob("*/*.yaml"))}

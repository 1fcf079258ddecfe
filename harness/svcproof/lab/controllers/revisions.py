"""ControllerRevisions: the templates that a StatefulSet or DaemonSet has had, which `kubectl rollout` goes back to.

https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/controller-revision-v1/
"""

from collections.abc import Sequence

from svcproof.api_kinds import CONTROLLER_REVISIONS, ApiKind
from svcproof.json_objects import Object
from svcproof.lab.client import Client, Informer
from svcproof.lab.controllers.owner import is_controlled_by, owned_by
from svcproof.lab.controllers.template import hash_of
from svcproof.lab.controllers.writing import create_missing

HASH = "controller-revision-hash"
APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
KEPT = 10


async def record_revision(client: Client, resource: ApiKind, owner: Object, informer: Informer) -> None:
    """Have the owner's present template as its latest revision, and no more old ones than it keeps."""
    namespace = owner["metadata"]["namespace"]
    revisions = [revision for revision in informer.items.values() if is_controlled_by(revision, owner)]
    latest = max((revision["revision"] for revision in revisions), default=0)
    revision = revision_of(resource, owner, latest + 1)
    name = revision["metadata"]["name"]
    known = next((revision for revision in revisions if revision["metadata"]["name"] == name), None)
    if known is None:
        # The informer does not know yet of one that was made a moment ago.
        await create_missing(client, CONTROLLER_REVISIONS, revision)
    elif known["revision"] < latest:
        await client.patch(CONTROLLER_REVISIONS, name, {"revision": latest + 1}, namespace)
    others = [revision for revision in revisions if revision["metadata"]["name"] != name]
    for revision in surplus(others, owner["spec"].get("revisionHistoryLimit", KEPT)):
        await client.delete(CONTROLLER_REVISIONS, revision["metadata"]["name"], namespace)


def revision_of(resource: ApiKind, owner: Object, number: int) -> Object:
    """The revision that the owner's present template makes: what a patch needs to bring it back."""
    metadata, template = owner["metadata"], owner["spec"]["template"]
    suffix = hash_of(template)
    annotations = {key: value for key, value in (metadata.get("annotations") or {}).items() if key != APPLIED}
    return {
        "metadata": {
            "name": f"{metadata['name']}-{suffix}",
            "namespace": metadata["namespace"],
            "labels": {**(template["metadata"].get("labels") or {}), HASH: suffix},
            "annotations": annotations,
            "ownerReferences": owned_by(resource, owner),
        },
        "data": {"spec": {"template": {**template, "$patch": "replace"}}},
        "revision": number,
    }


def surplus(revisions: Sequence[Object], kept: int) -> Sequence[Object]:
    """The oldest revisions beyond those to be kept."""
    ordered = sorted(revisions, key=lambda revision: int(revision["revision"]))
    return ordered[: max(0, len(ordered) - kept)]

"""Pods made from templates."""

import hashlib
import json

from svcproof.api_kinds import ApiKind
from svcproof.json_objects import Object
from svcproof.lab.controllers.owner import owned_by

SAFE = "bcdfghjklmnpqrstvwxz2456789"
"""Letters and digits that cannot spell a word, as Kubernetes uses in generated names."""


def pod_of(resource: ApiKind, owner: Object) -> Object:
    """A pod as the template of `owner` wants it, owned by it, its name left to the server."""
    template = owner["spec"]["template"]
    metadata = template.get("metadata") or {}
    return {
        "metadata": {
            "generateName": f"{owner['metadata']['name']}-",
            "namespace": owner["metadata"]["namespace"],
            "labels": dict(metadata.get("labels") or {}),
            "annotations": dict(metadata.get("annotations") or {}),
            "ownerReferences": owned_by(resource, owner),
        },
        "spec": json.loads(json.dumps(template["spec"])),
    }


def hash_of(template: Object) -> str:
    """A short name for a template: the same for the same template, fit for labels and names."""
    digest = hashlib.sha256(json.dumps(template, sort_keys=True).encode()).digest()
    return "".join(SAFE[byte % len(SAFE)] for byte in digest[:10])

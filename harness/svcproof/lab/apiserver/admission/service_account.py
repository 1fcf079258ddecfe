"""The ServiceAccount of a pod: its name, and a volume with a token for this server.

https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
"""

import random
import string

from svcproof.json_objects import Object

MOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
TOKEN_SECONDS = 3607


def give_account(pod: Object, account: Object | None) -> None:
    """Add, in place, account name and token volume to a new pod."""
    spec = pod["spec"]
    spec["serviceAccountName"] = spec.get("serviceAccountName") or "default"
    spec["serviceAccount"] = spec["serviceAccountName"]
    mounted = spec.get("automountServiceAccountToken")
    if mounted is None and account is not None:
        mounted = account.get("automountServiceAccountToken")
    if mounted is False:
        return
    containers = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    without = [
        container
        for container in containers
        if all(m["mountPath"] != MOUNT for m in container.get("volumeMounts") or [])
    ]
    if not without:
        return
    name = "kube-api-access-" + "".join(random.choices(string.ascii_lowercase + string.digits, k=5))
    spec["volumes"] = [*(spec.get("volumes") or []), _volume(name)]
    for container in without:
        mount = {"name": name, "readOnly": True, "mountPath": MOUNT}
        container["volumeMounts"] = [*(container.get("volumeMounts") or []), mount]


def _volume(name: str) -> Object:
    namespace = {"path": "namespace", "fieldRef": {"apiVersion": "v1", "fieldPath": "metadata.namespace"}}
    authority = {"name": "kube-root-ca.crt", "items": [{"key": "ca.crt", "path": "ca.crt"}]}
    sources = [
        {"serviceAccountToken": {"expirationSeconds": TOKEN_SECONDS, "path": "token"}},
        {"configMap": authority},
        {"downwardAPI": {"items": [namespace]}},
    ]
    return {"name": name, "projected": {"sources": sources, "defaultMode": 0o644}}

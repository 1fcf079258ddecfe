"""The completion of objects on their way in: addresses, ports, and the contents of namespaces."""

from dataclasses import dataclass

from svcproof.json_objects import Object
from svcproof.lab.apiserver.admission.completion import admit_claim, admit_job, admit_pod
from svcproof.lab.apiserver.allocation import Claim, Pools, claim_for_creation, claim_for_update, release
from svcproof.lab.apiserver.allocation.inheritance import drop_with_type
from svcproof.lab.apiserver.errors import Cause, denied, not_found
from svcproof.lab.apiserver.metadata import now, set_creation_metadata
from svcproof.lab.apiserver.resources import Resource, known
from svcproof.lab.apiserver.rules import Rules
from svcproof.lab.apiserver.schema.canonical import canonical
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.target import Target


@dataclass(frozen=True, slots=True)
class Admission:
    """Fills in the fields that depend on the cluster; `authority` is the PEM of the CA that signs for this server."""

    store: Store
    pools: Pools
    authority: str
    rules: Rules

    def check_namespace(self, target: Target, name: str) -> None:
        """Refuse to create in a namespace that does not exist (404) or is being deleted (403)."""
        resource = target.resource
        if not resource.namespaced:
            return
        namespace = self.store.get("namespaces", ("", target.namespace))
        if namespace is None:
            raise not_found(known("", "namespaces"), target.namespace)
        if namespace["metadata"].get("deletionTimestamp"):
            why = f"namespace {target.namespace} is being terminated"
            cause = Cause("NamespaceTerminating", "metadata.namespace", why)
            text = f"unable to create new content in namespace {target.namespace} because it is being terminated"
            raise denied(resource, name, text, [cause])

    def admit_new(self, resource: Resource, item: Object) -> Claim:
        """Complete a new object, in place; raises ApiError."""
        match resource.type:
            case "core.Service":
                return claim_for_creation(self.pools, item)
            case "core.Pod":
                key = (item["metadata"]["namespace"], item["spec"].get("serviceAccountName") or "default")
                admit_pod(item, self.store.get("serviceaccounts", key))
            case "batch.Job":
                admit_job(item)
            case "core.PersistentVolumeClaim":
                admit_claim(item, self.store.items("storageclasses.storage.k8s.io"))
            case "core.PersistentVolume":
                item["status"]["lastPhaseTransitionTime"] = now()
            case "core.Namespace":
                item["spec"] = {"finalizers": ["kubernetes"]}
                item["status"] = {"phase": "Active"}
        return Claim(self.pools)

    def admit_changed(self, resource: Resource, item: Object, old: Object, subresource: str) -> Claim:
        """Complete a changed object, in place; raises ApiError."""
        if resource.type != "core.Service" or subresource:
            return Claim(self.pools)
        claim = claim_for_update(self.pools, item, old)
        drop_with_type(item, old)
        return claim

    def settle(self, resource: Resource, item: Object, old: Object | None, claim: Claim) -> Object:
        """Return a valid object, which replaces `old`, in its final form."""
        return self.rules.settle(item, old, claim) if resource.type == "core.Service" else item

    def complete_namespace(self, resource: Resource, item: Object) -> None:
        """Put the default ServiceAccount and the CA bundle into a new namespace."""
        if resource.type == "core.Namespace":
            self._add("serviceaccounts", item["metadata"]["name"], {"metadata": {"name": "default"}})
            annotation = (
                "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints "
                "such as the internal service IP or kubernetes.default.svc."
            )
            meta = {"name": "kube-root-ca.crt", "annotations": {"kubernetes.io/description": annotation}}
            data = {"ca.crt": self.authority}
            self._add("configmaps", item["metadata"]["name"], {"metadata": meta, "data": data})

    def release(self, resource: Resource, item: Object) -> None:
        """Take back the addresses and ports of a deleted Service."""
        if resource.type == "core.Service":
            release(self.pools, item)

    def _add(self, plural: str, namespace: str, content: Object) -> None:
        resource = known("", plural)
        if self.store.get(resource.store, (namespace, content["metadata"]["name"])) is None:
            item = canonical(resource.type, {**content, "kind": resource.kind, "apiVersion": resource.api_version})
            set_creation_metadata(resource, item, namespace)
            self.store.put(resource.store, item)

"""Nodes, address ranges, roles, and the small kinds of a cluster."""

from functools import partial
from ipaddress import ip_network

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, invalid, required
from svcproof.lab.apiserver.validation.scheduling import EFFECTS

RECLAIM = ("Delete", "Retain")
BINDING = ("Immediate", "WaitForFirstConsumer")
ROLES = ("Role", "ClusterRole")
SUBJECTS = ("ServiceAccount", "User", "Group")
GROUP = "rbac.authorization.k8s.io"


def validate_node(node: Object) -> list[Cause]:
    """Return what is wrong with a Node."""
    causes: list[Cause] = []
    pairs: set[tuple[str, str]] = set()
    for index, taint in enumerate(node["spec"].get("taints") or []):
        field, pair = f"metadata.taints[{index}]", (taint["key"], taint["effect"])
        causes += names.check(names.qualified_name, taint["key"], f"{field}.key")
        causes += names.check_choice(EFFECTS, taint["effect"], f"{field}.effect")
        if pair in pairs:
            shown = {"Key": pair[0], "Value": taint.get("value", ""), "Effect": pair[1], "TimeAdded": None}
            cause = duplicate(field, shown)
            causes.append(Cause(cause.reason, field, f"{cause.message}: taints must be unique by key and effect pair"))
        pairs.add(pair)
    check_range = partial(names.check, names.address_range)
    return [*causes, *names.check_each(check_range, node["spec"].get("podCIDRs"), "spec.podCIDRs")]


def validate_ranges(item: Object) -> list[Cause]:
    """Return what is wrong with a ServiceCIDR."""
    ranges = item["spec"].get("cidrs") or []
    causes = [] if ranges else [required("spec.cidrs", "at least one CIDR required")]
    for index, addresses in enumerate(ranges):
        field = f"spec.cidrs[{index}]"
        malformed = names.check(names.address_range, addresses, field)
        causes += malformed
        if not malformed and str(ip_network(addresses, strict=False)) != addresses:
            causes.append(invalid(field, addresses, "must not have bits set beyond the prefix length"))
    return causes


def validate_address(item: Object) -> list[Cause]:
    """Return what is wrong with an IPAddress."""
    reference = item["spec"].get("parentRef")
    if reference is None:
        return [required("spec.parentRef")]
    return names.missing(reference, ("resource", "name"), "spec.parentRef")


def validate_lease(item: Object) -> list[Cause]:
    """Return what is wrong with a Lease."""
    spec, causes = item["spec"], list[Cause]()
    if spec.get("leaseDurationSeconds") is not None and spec["leaseDurationSeconds"] <= 0:
        causes.append(invalid("spec.leaseDurationSeconds", spec["leaseDurationSeconds"], "must be greater than 0"))
    return [*causes, *names.counts(spec, ("leaseTransitions",), "spec")]


def validate_event(item: Object) -> list[Cause]:
    """Return what is wrong with an Event: it is in the namespace of what it is about, of a Node's in `default`."""
    namespace, about = item["metadata"].get("namespace", ""), item["involvedObject"].get("namespace", "")
    if namespace == about or (not about and namespace == "default"):
        return []
    return [invalid("involvedObject.namespace", about, "does not match event.namespace")]


def validate_revision(item: Object) -> list[Cause]:
    """Return what is wrong with a ControllerRevision."""
    causes = names.check(names.non_negative, item["revision"], "revision")
    return [*causes, *([] if item.get("data") is not None else [required("data", "data is mandatory")])]


def validate_storage_class(item: Object) -> list[Cause]:
    """Return what is wrong with a StorageClass."""
    return [
        *([] if item["provisioner"] else [required("provisioner")]),
        *names.check_choice(RECLAIM, item["reclaimPolicy"], "reclaimPolicy"),
        *names.check_choice(BINDING, item["volumeBindingMode"], "volumeBindingMode"),
    ]


def validate_role(role: Object) -> list[Cause]:
    """Return what is wrong with a Role or a ClusterRole.

    https://kubernetes.io/docs/reference/access-authn-authz/rbac/
    """
    return names.check_each(partial(_rule, namespaced=role["kind"] == "Role"), role.get("rules"), "rules")


def validate_binding(binding: Object) -> list[Cause]:
    """Return what is wrong with a RoleBinding or a ClusterRoleBinding."""
    reference, namespaced = binding["roleRef"], binding["kind"] == "RoleBinding"
    return [
        *names.check_choice((GROUP,), reference["apiGroup"], "roleRef.apiGroup"),
        *names.check_choice(ROLES if namespaced else ROLES[1:], reference["kind"], "roleRef.kind"),
        *names.missing(reference, ("name",), "roleRef"),
        *names.check_each(partial(_subject, namespaced=namespaced), binding.get("subjects"), "subjects"),
    ]


def validate_binding_update(binding: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change: a binding stays with its role."""
    causes = validate_binding(binding)
    if binding["roleRef"] != old["roleRef"]:
        causes.append(invalid("roleRef", binding["roleRef"], "cannot change roleRef"))
    return causes


def _rule(rule: Object, field: str, *, namespaced: bool) -> list[Cause]:
    urls, causes = rule.get("nonResourceURLs") or [], list[Cause]()
    if not rule.get("verbs"):
        causes.append(required(f"{field}.verbs", "verbs must contain at least one value"))
    if urls:
        if namespaced:
            why = "namespaced rules cannot apply to non-resource URLs"
            causes.append(invalid(f"{field}.nonResourceURLs", urls, why))
        if any(rule.get(key) for key in ("apiGroups", "resources", "resourceNames")):
            why = "rules cannot apply to both regular resources and non-resource URLs"
            causes.append(invalid(f"{field}.nonResourceURLs", urls, why))
        return causes
    if not rule.get("apiGroups"):
        causes.append(required(f"{field}.apiGroups", "resource rules must supply at least one api group"))
    if not rule.get("resources"):
        causes.append(required(f"{field}.resources", "resource rules must supply at least one resource"))
    return causes


def _subject(subject: Object, field: str, *, namespaced: bool) -> list[Cause]:
    kind = subject["kind"]
    causes = [*names.missing(subject, ("name",), field), *names.check_choice(SUBJECTS, kind, f"{field}.kind")]
    unplaced = kind == "ServiceAccount" and not namespaced
    return [*causes, *(names.missing(subject, ("namespace",), field) if unplaced else [])]

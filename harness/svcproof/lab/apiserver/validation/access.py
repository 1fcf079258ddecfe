"""Roles and bindings: https://kubernetes.io/docs/reference/access-authn-authz/rbac/ ."""

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import Cause, invalid, not_supported, required

SUBJECTS = ("ServiceAccount", "User", "Group")
GROUP = "rbac.authorization.k8s.io"


def validate_role(role: Object) -> list[Cause]:
    """Return what is wrong with a Role or a ClusterRole."""
    causes: list[Cause] = []
    for index, rule in enumerate(role.get("rules") or []):
        causes += _rule(rule, f"rules[{index}]", namespaced=role["kind"] == "Role")
    return causes


def validate_binding(binding: Object) -> list[Cause]:
    """Return what is wrong with a RoleBinding or a ClusterRoleBinding."""
    reference, namespaced = binding["roleRef"], binding["kind"] == "RoleBinding"
    supported, causes = (("Role", "ClusterRole") if namespaced else ("ClusterRole",)), list[Cause]()
    if reference["apiGroup"] != GROUP:
        causes.append(not_supported("roleRef.apiGroup", reference["apiGroup"], (GROUP,)))
    if reference["kind"] not in supported:
        causes.append(not_supported("roleRef.kind", reference["kind"], supported))
    if not reference["name"]:
        causes.append(required("roleRef.name"))
    for index, subject in enumerate(binding.get("subjects") or []):
        causes += _subject(subject, f"subjects[{index}]", namespaced=namespaced)
    return causes


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
    kind, causes = subject["kind"], list[Cause]()
    if not subject["name"]:
        causes.append(required(f"{field}.name"))
    if kind not in SUBJECTS:
        causes.append(not_supported(f"{field}.kind", kind, SUBJECTS))
    if kind == "ServiceAccount" and not namespaced and not subject.get("namespace"):
        causes.append(required(f"{field}.namespace"))
    return causes

"""Pods, and the templates of pods: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ ."""

import re
from functools import partial

from svcproof.json_objects import Object
from svcproof.lab.apiserver import names
from svcproof.lab.apiserver.errors import Cause, duplicate, forbidden, invalid, required
from svcproof.lab.apiserver.validation.containers import validate_containers, validate_host_network
from svcproof.lab.apiserver.validation.scheduling import validate_placement, validate_spread, validate_tolerations
from svcproof.lab.apiserver.validation.security import validate_pod_security
from svcproof.lab.apiserver.validation.volumes import validate_volumes

RESTART = ("Always", "OnFailure", "Never")
DNS = ("ClusterFirstWithHostNet", "ClusterFirst", "Default", "None")
LONGEST_DEADLINE = 2**31 - 1
MUTABLE = (
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
EPHEMERAL = "spec.ephemeralContainers"
NOT_EPHEMERAL = ("ports", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle")
MOST_SERVERS = 3
SEARCH_DOMAIN = r"_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*"
SEARCH_DOMAIN_RULE = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
    "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
    f"'{SEARCH_DOMAIN}')"
)


def validate_pod(pod: Object) -> list[Cause]:
    """Return what is wrong with a new pod."""
    causes = validate_pod_spec(pod["spec"], "spec")
    if pod["spec"].get("ephemeralContainers"):
        causes.append(forbidden("spec.ephemeralContainers", "cannot be set on create"))
    return causes


def validate_template(template: Object, field: str) -> list[Cause]:
    """Return what is wrong with a template of pods."""
    metadata = template["metadata"]
    causes = names.labels(metadata.get("labels") or {}, f"{field}.labels")
    for key in sorted(metadata.get("annotations") or {}):
        causes += names.check(names.qualified_name, key.lower(), f"{field}.annotations")
    causes += validate_pod_spec(template["spec"], f"{field}.spec")
    if template["spec"].get("ephemeralContainers"):
        why = "ephemeral containers not allowed in pod template"
        causes.append(forbidden(f"{field}.spec.ephemeralContainers", why))
    return causes


def validate_pod_update(pod: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change of a pod: little of a spec may change."""
    if _immutable_fields(pod["spec"]) == _immutable_fields(old["spec"]):
        return []
    return [forbidden("spec", f"pod updates may not change fields other than {MUTABLE}\n")]


def validate_ephemeral(pod: Object, old: Object) -> list[Cause]:
    """Return what is wrong with a change of ephemeral containers: new ones may be added.

    https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/
    """
    causes, spec = list[Cause](), pod["spec"]
    kept = {container.get("name"): container for container in spec.get("ephemeralContainers") or []}
    for old_container in old["spec"].get("ephemeralContainers") or []:
        name = old_container["name"]
        change = "changed" if name in kept else "removed"
        if kept.get(name) != old_container:
            causes.append(forbidden(EPHEMERAL, f'existing ephemeral containers "{name}" may not be {change}\n'))
    targets = {container["name"] for container in (*spec["containers"], *(spec.get("initContainers") or []))}
    taken_names = set(targets)
    for index, container in enumerate(spec.get("ephemeralContainers") or []):
        causes += _ephemeral_container(container, f"{EPHEMERAL}[{index}]", taken_names, targets)
        taken_names.add(container.get("name", ""))
    return causes


def validate_pod_spec(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the spec of a pod or of a template."""
    volumes = {volume["name"]: volume for volume in spec.get("volumes") or []}
    causes = validate_volumes(spec.get("volumes") or [], f"{field}.volumes")
    causes += names.missing(spec, ("containers",), field)
    causes += validate_containers(spec, volumes, field)
    causes += validate_host_network(spec, field)
    for key, supported in (("restartPolicy", RESTART), ("dnsPolicy", DNS)):
        causes += names.check_choice(supported, spec.get(key, ""), f"{field}.{key}")
    causes += names.labels(spec.get("nodeSelector") or {}, f"{field}.nodeSelector")
    causes += validate_pod_security(spec.get("securityContext") or {}, f"{field}.securityContext")
    causes += validate_placement(spec, field)
    causes += validate_name_resolution(spec, field)
    causes += validate_spread(spec, field)
    causes += _names(spec, field)
    return [*causes, *validate_tolerations(spec, field), *validate_host_aliases(spec, field)]


def _names(spec: Object, field: str) -> list[Cause]:
    subdomains = ("serviceAccountName", "nodeName", "priorityClassName")
    causes = names.check_optional(names.dns_subdomain, spec, subdomains, field)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= LONGEST_DEADLINE:
        why = f"must be between 1 and {LONGEST_DEADLINE}, inclusive"
        causes.append(invalid(f"{field}.activeDeadlineSeconds", deadline, why))
    return [*causes, *names.check_optional(names.dns_label, spec, ("hostname", "subdomain"), field)]


def _immutable_fields(spec: Object) -> Object:
    free = {"activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"}
    fixed = {key: value for key, value in spec.items() if key not in free}
    for key in ("containers", "initContainers"):
        fixed[key] = [{**container, "image": ""} for container in spec.get(key) or []]
    return fixed


def _ephemeral_container(container: Object, field: str, taken_names: set[str], targets: set[str]) -> list[Cause]:
    name = container.get("name", "")
    causes = names.check_required(names.dns_label, name, f"{field}.name")
    if name and name in taken_names:
        causes = [duplicate(f"{field}.name", name)]
    causes += names.missing(container, ("image",), field)
    target = container.get("targetContainerName")
    if target and target not in targets:
        causes.append(invalid(f"{field}.targetContainerName", target, "is not a container of the pod"))
    why = "cannot be set for an Ephemeral Container"
    return [*causes, *(forbidden(f"{field}.{key}", why) for key in NOT_EPHEMERAL if container.get(key))]


def validate_name_resolution(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with dnsConfig.

    https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
    """
    config, causes = spec.get("dnsConfig") or {}, list[Cause]()
    servers, config_field = config.get("nameservers") or [], f"{field}.dnsConfig"
    if spec.get("dnsPolicy") == "None" and not config:
        causes.append(required(config_field, "must provide `dnsConfig` when `dnsPolicy` is None"))
    elif spec.get("dnsPolicy") == "None" and not servers:
        why = "must provide at least one DNS nameserver when `dnsPolicy` is None"
        causes.append(required(f"{config_field}.nameservers", why))
    if len(servers) > MOST_SERVERS:
        why = f"must not have more than {MOST_SERVERS} nameservers"
        causes.append(invalid(f"{config_field}.nameservers", servers, why))
    causes += names.check_each(partial(names.check, names.address), servers, f"{config_field}.nameservers")
    for index, domain in enumerate(config.get("searches") or []):
        if domain != "." and not re.fullmatch(SEARCH_DOMAIN, domain.removesuffix(".")):
            causes.append(invalid(f"{config_field}.searches[{index}]", domain, SEARCH_DOMAIN_RULE))
    for index, option in enumerate(config.get("options") or []):
        if not option.get("name"):
            causes.append(required(f"{config_field}.options[{index}]", "must not be empty"))
    return causes


def validate_host_aliases(spec: Object, field: str) -> list[Cause]:
    """Return what is wrong with the entries for a pod's hosts file."""
    causes: list[Cause] = []
    for index, alias in enumerate(spec.get("hostAliases") or []):
        alias_field = f"{field}.hostAliases[{index}]"
        causes += names.check(names.address, alias["ip"], f"{alias_field}.ip")
        check_name = partial(names.check, names.dns_subdomain)
        causes += names.check_each(check_name, alias.get("hostnames"), f"{alias_field}.hostnames")
    return causes

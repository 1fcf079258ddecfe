"""Make the answers of two servers comparable: what is different each time, or on purpose, gets a common value.

Each rule is here, with its reason; nothing else is allowed to differ.
"""

import re
from typing import Any

from svcproof.lab.apiserver.resources import catalogue

DROPPED = {
    "managedFields": "ownership of fields is not kept by the lab's server",
    "storageVersionHash": "there is one version of each kind",
    "description": "columns are not explained",
    "compiler": "facts about a build",
    "goVersion": "facts about a build",
    "gitCommit": "facts about a build",
    "gitTreeState": "facts about a build",
    "buildDate": "facts about a build",
    "platform": "facts about a build",
    "emulationMajor": "no versions are emulated",
    "emulationMinor": "no versions are emulated",
    "minCompatibilityMajor": "no versions are emulated",
    "minCompatibilityMinor": "no versions are emulated",
}
VARYING = {
    "uid": "<uid>",
    "resourceVersion": "<version>",
    "continue": "<token>",
    "nodePort": "<node port>",
    "healthCheckNodePort": "<node port>",
    "retryAfterSeconds": "<seconds>",
}
GIVEN_ADDRESSES = {"10.96.0.1", "10.96.77.77", "10.96.255.255", "10.96.1.1", "10.96.1.2", "fd00:10:96::77"}
"""ClusterIPs that scenarios ask for, or that every cluster has; others are allocated at random."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
ADDRESS = re.compile(r"\b(?:10\.96\.\d+\.\d+|fd00:10:96::[0-9a-f]+)\b")
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
AGE = re.compile(r"^(?:\d+[smhdy])+$")
CURRENT = re.compile(r"current: \d+")
SUFFIX = re.compile(r"(kube-api-access-|generated-)[a-z0-9]{5}\b")


def normalised(value: Any) -> Any:
    """Return an answer without what varies."""
    if isinstance(value, dict):
        value = _served(value)
        return {key: _field(key, one) for key, one in sorted(value.items()) if key not in DROPPED}
    if isinstance(value, list):
        return [normalised(one) for one in value]
    return _text(value) if isinstance(value, str) else value


def _served(value: dict[str, Any]) -> dict[str, Any]:
    """Discovery, without the groups and kinds that the lab does not have."""
    if value.get("kind") == "APIGroupDiscoveryList":
        items = [_group(one) for one in value["items"]]
        return {**value, "items": sorted((one for one in items if one["versions"]), key=str)}
    if value.get("kind") == "APIResourceList":
        kept = {one.plural for one in catalogue()}
        return {**value, "resources": [one for one in value["resources"] if one["name"].partition("/")[0] in kept]}
    return value


def _group(group: dict[str, Any]) -> dict[str, Any]:
    name = group["metadata"].get("name", "")
    versions = []
    for version in group["versions"]:
        kept = {one.plural for one in catalogue() if (one.group, one.version) == (name, version["version"])}
        if kept:
            resources = [one for one in version["resources"] if one["resource"] in kept]
            versions.append({**version, "resources": resources})
    return {**group, "versions": versions}


def _field(key: str, value: Any) -> Any:
    if key in VARYING and isinstance(value, str | int) and value not in ("", 0):
        return VARYING[key]
    if key == "cells":
        return ["<age>" if isinstance(one, str) and AGE.match(one) else _cell(one) for one in value]
    return normalised(value)


def _cell(value: Any) -> Any:
    return re.sub(r":3\d{4}/", ":<node port>/", _text(value)) if isinstance(value, str) else value


def _text(value: str) -> str:
    value = CURRENT.sub("current: <version>", value)
    value = UID.sub("<uid>", TIME.sub("<time>", SUFFIX.sub(r"\1<suffix>", value)))
    return ADDRESS.sub(lambda match: match[0] if match[0] in GIVEN_ADDRESSES else "<cluster ip>", value)

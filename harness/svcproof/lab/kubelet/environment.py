"""The environment, command and arguments a container starts with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.kubelet.downward import field, resource
from svcproof.lab.kubelet.images import Image
from svcproof.lab.kubelet.rules import Rules, Variables
from svcproof.lab.kubelet.values import MissingValueError, Values

REFERENCE = re.compile(r"\$\$|\$\(([^)]*)\)")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@dataclass(frozen=True, slots=True)
class Start:
    """The start of a container: arguments and variables with every reference resolved."""

    argv: tuple[str, ...]
    environment: Mapping[str, str]


async def start_of(
    pod: Object, container: Object, image: Image, services: Variables, values: Values, rules: Rules
) -> Start:
    """Work out how `container` starts; `services` are the variables of Services. Raises MissingValueError."""
    declared = await _declared(pod, container, services, values, rules)
    if image.fixed:
        container = {**container, "command": None, "args": None}
    command = container.get("command") or image.entrypoint
    arguments = container.get("args") or (() if container.get("command") else image.command)
    references = rules.references(declared, services)
    argv = tuple(expand(word, references) for word in (*command, *arguments))
    base = {"PATH": PATH, "HOSTNAME": _hostname(pod), "HOME": "/root"}
    return Start(argv, {**base, **rules.environment(declared, services)})


async def _declared(
    pod: Object, container: Object, services: Variables, values: Values, rules: Rules
) -> dict[str, str]:
    """The variables of env and envFrom; later entries may refer to earlier ones and to the variables of Services."""
    declared: dict[str, str] = {}
    for source in container.get("envFrom", ()):
        data = await _whole(pod, source, values)
        declared |= {source.get("prefix", "") + name: value.decode() for name, value in data.items()}
    for entry in container.get("env", ()):
        if "valueFrom" not in entry:
            declared[entry["name"]] = expand(entry.get("value", ""), rules.references(declared, services))
            continue
        value = await _from(pod, container, entry["valueFrom"], values)
        if value is not None:
            declared[entry["name"]] = value
    return declared


async def _whole(pod: Object, source: dict[str, Any], values: Values) -> Mapping[str, bytes]:
    namespace = pod["metadata"]["namespace"]
    if reference := source.get("configMapRef"):
        return await values.config_map(namespace, reference["name"], optional=reference.get("optional", False))
    reference = source["secretRef"]
    return await values.secret(namespace, reference["name"], optional=reference.get("optional", False))


async def _from(pod: Object, container: Object, source: dict[str, Any], values: Values) -> str | None:
    namespace = pod["metadata"]["namespace"]
    if "fieldRef" in source:
        return field(pod, source["fieldRef"]["fieldPath"])
    if "resourceFieldRef" in source:
        return resource(container, source["resourceFieldRef"])
    if reference := source.get("configMapKeyRef"):
        kind, read = "ConfigMap", values.config_map
    elif reference := source.get("secretKeyRef"):
        kind, read = "Secret", values.secret
    else:
        raise MissingValueError(f"variables from {', '.join(source)} are not supported by this kubelet")
    optional = reference.get("optional", False)
    data = await read(namespace, reference["name"], optional=optional)
    if reference["key"] not in data and not optional:
        raise MissingValueError(f"couldn't find key {reference['key']} in {kind} {namespace}/{reference['name']}")
    return data[reference["key"]].decode() if reference["key"] in data else None


def _hostname(pod: Object) -> str:
    name: str = pod["spec"].get("hostname") or pod["metadata"]["name"]
    return pod["spec"]["nodeName"] if pod["spec"].get("hostNetwork") else name


def expand(text: str, variables: Mapping[str, str]) -> str:
    """Replace $(NAME) by its value; $$ stands for one $, and a reference to what is not defined stays as it is.

    https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
    """

    def value(reference: re.Match[str]) -> str:
        return "$" if reference[0] == "$$" else variables.get(reference[1], reference[0])

    return REFERENCE.sub(value, text)

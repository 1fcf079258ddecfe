"""Make the table of fields anew from the Go types of the API: `python -m tests.goldens.fields [VERSION]`.

Needs Go, which fetches k8s.io/api and k8s.io/apimachinery into its module cache; what is read of them are the names,
types and tags of struct fields. The format is told in `svcproof.lab.apiserver.schema`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from svcproof.lab.apiserver import schema
from svcproof.lab.apiserver.resources import catalogue

VERSION = "0.36.3"
TARGET = Path(schema.__file__).with_name("fields.json")
EXTRA = ("autoscaling.Scale", "authentication.TokenRequest", "meta.DeleteOptions", "meta.Status", "policy.Eviction")
"""Types that are read or written without being kinds of the catalogue."""
SCALARS = {
    **dict.fromkeys(("string", "types.UID"), "s"),
    **dict.fromkeys(("int", "int32", "int64", "uint32", "uint64", "uint8"), "i"),
    "bool": "b",
    "byte": "i",
    "[]byte": "y",
    "meta.Time": "Time",
    "meta.MicroTime": "MicroTime",
    "meta.FieldsV1": "Raw",
    "runtime.RawExtension": "Raw",
    "resource.Quantity": "Quantity",
    "intstr.IntOrString": "IntOrString",
}
STRUCT = re.compile(r"((?://[^\n]*\n)*)type (\w+) struct \{\n(.*?)\n\}", re.DOTALL)
FIELD = re.compile(r"((?:^\t//[^\n]*\n)*)^\t(?:\w+[ \t]+)?([*\w.\[\]]+)[ \t]+`([^`]*)`", re.MULTILINE)
ALIAS = re.compile(r"^type (\w+) (\S+)$", re.MULTILINE)
IMPORT = re.compile(r'^\t(?:(\w+) )?"(k8s\.io/[^"]+)"', re.MULTILINE)
TAG = re.compile(r'(\w+):"([^"]*)"')
MARK = re.compile(r"\+(listType|listMapKey|mapType|structType)=(\w+)")
Table = dict[str, dict[str, Any]]


def main(version: str) -> None:
    """Write the table."""
    types, atomic = read(version)
    wanted = {one.type for one in catalogue()} | set(EXTRA)
    table: Table = {}
    while wanted:
        name = wanted.pop()
        table[name] = types[name]
        used = {field["type"] for field in types[name].values() if "." in field["type"]}
        wanted |= used - set(table)
    for fields in table.values():
        for field in fields.values():
            if field["type"] in atomic:
                field["atomic"] = True
    lines = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(table[name], separators=(',', ':'))}" for name in sorted(table)
    )
    TARGET.write_text(f"{{\n{lines}\n}}\n")
    click.echo(f"{TARGET}: {len(table)} types")


def read(version: str) -> tuple[Table, set[str]]:
    """Return all types, and the names of those that merge as a whole."""
    sources = dict(_sources(version))
    aliases = {
        f"{group}.{name}": _resolved(group, target, text)
        for group, text in sources.items()
        for name, target in ALIAS.findall(text)
        if target != "struct"
    }
    types: Table = {}
    atomic: set[str] = set()
    for group, text in sources.items():
        for comments, name, body in STRUCT.findall(text):
            types[f"{group}.{name}"] = dict(_fields(group, body, text, aliases))
            if "+structType=atomic" in comments:
                atomic.add(f"{group}.{name}")
    return types, atomic


def _sources(version: str) -> Iterator[tuple[str, str]]:
    """Short name of a group, with the version where that is not v1, and its Go source."""
    api, machinery = _module("k8s.io/api", version), _module("k8s.io/apimachinery", version)
    yield "meta", (machinery / "pkg/apis/meta/v1/types.go").read_text()
    for file in sorted(api.glob("*/v[12]/types.go")):
        yield f"{file.parent.parent.name}{file.parent.name.removeprefix('v1')}", file.read_text()


def _module(path: str, version: str) -> Path:
    command = ["go", "mod", "download", "-json", f"{path}@v{version}"]
    return Path(json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["Dir"])


def _fields(group: str, body: str, text: str, aliases: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for comments, go_type, raw_tags in FIELD.findall(body):
        tags = dict(TAG.findall(raw_tags))
        if "protobuf" not in tags:
            continue
        name, *options = tags["json"].split(",")
        number = int(tags["protobuf"].split(",")[1])
        pointer = go_type.startswith("*")
        container, element = _unwrapped(_aliased(_resolved(group, go_type.lstrip("*"), text), aliases), aliases)
        field: dict[str, Any] = {"number": number, "type": SCALARS.get(element, element)}
        inline = "inline" in options
        field |= {key: True for key, on in (("pointer", pointer), ("inline", inline)) if on}
        field |= {"container": container} if container else {}
        if not inline and not {"omitempty", "omitzero"} & set(options):
            field["always"] = True
        if "omitzero" in options:
            field["omitzero"] = True
        yield name or f"<{number}", {**field, **_merging(tags, MARK.findall(comments))}


def _merging(tags: Mapping[str, str], marks: list[tuple[str, str]]) -> dict[str, Any]:
    """How lists and maps merge."""
    merging: dict[str, Any] = {}
    if tags.get("patchMergeKey"):
        merging["mergeKey"] = tags["patchMergeKey"]
    if tags.get("patchStrategy"):
        merging["strategy"] = tags["patchStrategy"]
    if ("listType", "map") in marks:
        merging["keys"] = [value for key, value in marks if key == "listMapKey"]
    if ("listType", "set") in marks:
        merging["set"] = True
    if ("mapType", "atomic") in marks or ("structType", "atomic") in marks:
        merging["atomic"] = True
    return merging


def _resolved(group: str, go_type: str, text: str) -> str:
    """A Go type with the short name of its group in place of the package's alias."""
    packages = {alias or path.rpartition("/")[2]: path for alias, path in IMPORT.findall(text)}
    prefix, name = re.fullmatch(r"((?:\[\]|map\[[\w.]+\])*)(.*)", go_type.replace("*", ""), re.DOTALL).groups()  # type: ignore[union-attr]
    package, dot, bare = name.rpartition(".")
    if dot:
        path = packages.get(package, package)
        owner = "meta" if path.endswith("meta/v1") else path.split("/")[-2] if path.endswith("/v1") else package
        return f"{prefix}{owner}.{bare}"
    return go_type if name in SCALARS or go_type in SCALARS else f"{prefix}{group}.{name}"


def _aliased(go_type: str, aliases: Mapping[str, str]) -> str:
    while go_type in aliases and go_type not in SCALARS:
        go_type = aliases[go_type]
    return go_type


def _unwrapped(go_type: str, aliases: Mapping[str, str]) -> tuple[str, str]:
    """Container and element of a type."""
    if go_type in SCALARS:
        return "", go_type
    if match := re.fullmatch(r"(\[\]|map\[[\w.]+\])(.*)", go_type):
        element = _aliased(match[2], aliases)
        # A list within a map is a message of its own in protobuf, and no kind that matters has one.
        element = "Raw" if element.startswith("[]") and element not in SCALARS else element
        return ("[]" if match[1] == "[]" else "{}"), element
    return "", go_type


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else VERSION)

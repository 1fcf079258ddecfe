"""The page docs/run-file.md: the JSON Schema of a run file's lines, for people."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from svcproof.report.pages import inline

BEGINNING = """\
# The run file

{description}

`svcproof schema run` prints the JSON Schema (2020-12) of a line, from which this page is made, by
`svcproof schema run --markdown`. A program that reads run files needs nothing else. [From a fact to an exit
code](verdicts.md) says what verdict follows from a fact.

## The digest

{digest}

To be sure that nobody edits a run file, keep it where nobody can, or sign it with a program made for that."""
DECLARED = {"ClusterSpec": "cluster", "ProxySpec": "proxy"}
"""Definitions that have a schema of their own, as declarations."""
Schema = Mapping[str, Any]


def run_file_page(schema: Schema) -> str:
    """Return the page of this schema."""
    definitions = schema["$defs"]
    kinds = [_name(line) for line in schema["oneOf"]]
    lines = [BEGINNING.format(description=schema["description"], digest=definitions["Digest"]["description"])]
    lines += ["", "## Kinds of lines"]
    for name in kinds:
        lines += ["", f"### {definitions[name]['properties']['kind']['const']}", "", *_definition(definitions[name])]
    lines += ["", "## Values in lines"]
    for name in sorted(_reachable(definitions, kinds) - {*kinds, "Digest"}):
        lines += ["", f"### {name}", "", *_definition(definitions[name])]
    return "\n".join(lines)


def _reachable(definitions: Schema, names: list[str]) -> set[str]:
    """The definitions that these lead to, but for those within declarations."""
    reached, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in reached and name not in DECLARED:
            reached.add(name)
            left += list(_references(definitions[name]))
    return reached


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield _name(value)
        for inner in value.values():
            yield from _references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _name(reference: Schema) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _definition(definition: Schema) -> Iterator[str]:
    yield definition.get("description", "")
    if keys := definition.get("properties"):
        yield from ("", "| key | value | default | |", "|---|---|---|---|")
        required = definition.get("required", ())
        yield from (_row(key, value, key in required) for key, value in keys.items())
    elif "oneOf" in definition:
        yield from ("", "| value | |", "|---|---|")
        yield from (f"| `{member['const']}` | {_words(member)} |" for member in definition["oneOf"])
    else:
        yield from ("", ", ".join(f"`{value}`" for value in definition["enum"]))


def _row(key: str, value: Schema, required: bool) -> str:
    default = "must be there" if required else f"`{json.dumps(value['default'])}`"
    return f"| `{key}` | {_type(value)} | {default} | {_words(value)} |"


def _words(value: Schema) -> str:
    return inline(" ".join(value.get("description", "").split()))


def _type(value: Schema) -> str:
    """The type of a value, in words; a link where it is defined on the page."""
    match value:
        case {"$ref": _} if (name := _name(value)) in DECLARED:
            return f"{name}, as `svcproof schema {DECLARED[name]}` has it"
        case {"$ref": _}:
            name = _name(value)
            return "[digest](#the-digest)" if name == "Digest" else f"[{name}](#{name.lower()})"
        case {"const": constant}:
            return f"`{json.dumps(constant)}`"
        case {"anyOf": types}:
            return " or ".join(map(_type, types))
        case {"type": "array", "prefixItems": items}:
            return f"array of {len(items)}: {', '.join(map(_type, items))}"
        case {"type": "array"}:
            return f"array of {_type(value['items'])}"
        case {"type": "object", "additionalProperties": dict(inner)}:
            return f"object, each value {_type(inner)}"
        case {"type": str(name)}:
            return name
    return "anything"

"""The JSON Schema of a run file's lines, from the types that write and read them."""

import ast
import inspect
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from textwrap import dedent
from typing import Any

from pydantic import ConfigDict, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import EnumSchema, WithDefaultSchema

from svcproof.model.header import Header
from svcproof.model.run import Finished
from svcproof.report.lines import FIRST, FORMAT, KINDS, LONGEST, LONGEST_FIRST, Line

LINE = f"""\
A line of the run file of svcproof, `run.jsonl`, which holds the facts that a run found out, before anybody judges them.

The file is UTF-8 text. Each line is one JSON object, ended by a newline (byte 0x0A), of no more than {LONGEST:,} bytes,
the first of no more than {LONGEST_FIRST:,}. The lines are in the order in which things happened, and `kind` says of
which kind each is. The first is of kind `{FIRST[0]}`, the second of kind `{FIRST[1]}`; those of the kinds `versions`,
`started` and `fact` follow as they come; `finished` is the last, and nothing comes after it.

A key whose value is its default is left out, but for the first line, which has them all: a reader puts the defaults of
this schema in their place. Descriptions say None for null. Keys that are not in the schema are in no line of this
format.

A line of kind `fact` or `finished` is on disk before the run goes on. Bytes without a newline at the end of a file were
being written when the process was killed: they are no line, even where they read as a whole one. A file without a line
of kind `finished` is that of a run that was killed, or was cut off. It is not complete, whatever it holds: a selected
behaviour without a fact, or with one for fewer repeats than the first line says, was not reached.

Times of day are UTC in ISO 8601; durations, and times within a check, are in seconds. A half of a surrogate pair in
text, which UTF-8 cannot hold, is written as six characters, such as \\udc80."""
DIGEST = """\
The seal of the line: the SHA-256, in lower-case hex, of this line and of all lines before it, each with its newline and
without its seal.

The seal is the last key of a line, so that each ends with these 80 bytes: `, "digest": "`, 64 hex digits, `"}` and a
newline. To verify a file, begin with a SHA-256 of nothing. Of each line, take the 80 bytes away, feed the rest, `}` and
a newline into the hash, and compare its digest of then with that of the line. Use the bytes as they are in the file:
JSON that was parsed and written again can differ.

So a line that was changed, taken out, added, doubled or moved shows, in that line or in the next, and the counts of the
last line show that none is missing. A file that was cut off after a line does not show it by its seals, but by the last
line that it lacks. The digest is no signature. It holds no secret: whoever edits a file can compute all of them anew,
and nobody can tell the outcome from a file that a run has written."""
LINES = "The number of lines of each kind before this one; a kind that does not occur is not named."
KIND = "The kind of the line."
FORMAT_IS = "The format of the file. A reader refuses another one: what it means is not known here."
CONFIG = ConfigDict(use_attribute_docstrings=True, extra="forbid")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of one line, with a definition for each kind of line."""
    made = TypeAdapter[Line](Line, config=CONFIG).json_schema(mode="serialization", schema_generator=_Generator)
    definitions = made["$defs"]
    for line, kind in KINDS.items():
        definition = definitions[line.__name__]
        framed = _before(line, kind) | definition["properties"] | _after(line)
        own = [key for key in framed if key not in definition["properties"]]
        definition["properties"] = framed
        definition["required"] = [key for key in framed if key in own or key in definition.get("required", ())]
    definitions["Digest"] = {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": DIGEST}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A line of a run file of svcproof, format {FORMAT}",
        "description": LINE,
        "oneOf": [{"$ref": f"#/$defs/{line.__name__}"} for line in KINDS],
        "$defs": definitions,
    }


def _before(line: type, kind: str) -> dict[str, Any]:
    """The keys with which a line begins."""
    keys: dict[str, Any] = {"kind": {"const": kind, "description": KIND}}
    return keys | ({"format": {"const": FORMAT, "description": FORMAT_IS}} if line is Header else {})


def _after(line: type) -> dict[str, Any]:
    """The keys with which a line ends."""
    counts = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 1}, "description": LINES}
    return ({"lines": counts} if line is Finished else {}) | {"digest": {"$ref": "#/$defs/Digest"}}


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, which also says what the members of an enum mean, and defaults that are made."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """No: a title that is the key in other letters says nothing."""
        return False

    def enum_schema(self, schema: EnumSchema) -> JsonSchemaValue:
        """Add the meaning of each member, where the enum tells it."""
        made = super().enum_schema(schema)
        meanings = [{"const": value, "description": text} for value, text in _meanings(schema["cls"])]
        return made | ({"oneOf": meanings} if len(meanings) == len(made.get("enum", ())) else {})

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        """Say the default of a mapping, which is made anew each time."""
        return super().default_schema({**schema, "default": {}} if schema.get("default_factory") is dict else schema)


def _meanings(enum: type[Enum]) -> Iterator[tuple[str, str]]:
    """The value and the docstring of each member that has one."""
    (definition,) = ast.parse(dedent(inspect.getsource(enum))).body
    for member, after in pairwise(getattr(definition, "body", ())):
        match member, after:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(text))):
                yield str(enum[name].value), " ".join(text.split())

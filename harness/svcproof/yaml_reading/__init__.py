"""The one way in which YAML is read: within limits, and with the place of every key and value.

Nothing in a text can make reading it endless, deep or large: not aliases of aliases, not nesting, not a number of
thousands of digits. Everything that is wrong is told at once, each with its line and column.
"""

from svcproof.yaml_reading.files import read_text
from svcproof.yaml_reading.nodes import DECLARATION, MANIFEST, Limits, Loc, Place, Unsound
from svcproof.yaml_reading.values import Part, parse, read_parts

__all__ = ["DECLARATION", "MANIFEST", "Limits", "Loc", "Part", "Place", "Unsound", "parse", "read_parts", "read_text"]

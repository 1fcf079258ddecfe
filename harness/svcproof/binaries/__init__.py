"""Real components, found or obtained; none is part of svcproof."""

from svcproof.binaries.component import is_component
from svcproof.binaries.find import Binary, How, find, look
from svcproof.binaries.toolchain import way as way_to_build

__all__ = ["Binary", "How", "find", "is_component", "look", "way_to_build"]

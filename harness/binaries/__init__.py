"""Real components, found or obtained; none is part of svcproof."""

from harness.binaries.component import is_component
from harness.binaries.find import Binary, How, find, look
from harness.binaries.toolchain import way as way_to_build

__all__ = ["Binary", "How", "find", "is_component", "look", "way_to_build"]

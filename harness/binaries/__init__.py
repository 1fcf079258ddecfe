"""Real components, found or obtained; none is part of svcproof."""

from harness.binaries.component import is_component
from harness.binaries.find import Binary, How, find

__all__ = ["Binary", "How", "find", "is_component"]

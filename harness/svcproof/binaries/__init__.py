"""Real components, found or obtained; none is part of svcproof."""

from svcproof.binaries.component import is_component
from svcproof.binaries.find import Binary, How, find, look, of_release, releases, version_to_take
from svcproof.binaries.toolchain import way as way_to_build

__all__ = ["Binary", "How", "find", "is_component", "look", "of_release", "releases", "version_to_take", "way_to_build"]

"""Real components, found or obtained; none is part of svcproof."""

from harness.binaries.component import is_component

__all__ = ["is_component"]

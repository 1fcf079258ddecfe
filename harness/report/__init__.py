"""From facts as they arrive to what a person or a CI system reads: recording, judging, rendering."""

from harness.report.recording import Recording, begin

__all__ = ["Recording", "begin"]

"""From facts as they arrive to what a person or a CI system reads: recording, judging, rendering."""

from svcproof.report.recording import Recording, begin

__all__ = ["Recording", "begin"]

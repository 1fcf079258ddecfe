"""From a run file to what a person or a CI system reads: recording, judging, rendering."""

"""The claim of a project about a run: made from the run file, and held against it."""

"""Evidence of a check that did not hold: cut to the check, free of secrets, kept beside the run file."""

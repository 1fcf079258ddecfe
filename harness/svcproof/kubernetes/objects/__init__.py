"""Objects in a cluster: applied, awaited, read, and removed again."""

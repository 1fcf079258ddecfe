"""Objects in a cluster: applied, awaited, and taken away again."""

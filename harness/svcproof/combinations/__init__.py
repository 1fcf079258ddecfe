"""The runs of a matrix: which are due and why, each made as a process of its own, and what is kept of them on disk."""

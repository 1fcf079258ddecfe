"""A cluster made by kind: its tool, the container engine under it, and clients outside in containers."""

"""NodePort: a port of every node leads to the Service."""

"""The search for worlds in which a proxy does not do what is promised: drawn, tried on a cluster, and shrunk."""

"""ClusterIP: a stable address inside the cluster."""

"""Session affinity: the connections of one client go to one endpoint."""

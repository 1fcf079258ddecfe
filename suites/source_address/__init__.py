"""Source addresses: the client that a backend sees, and endpoints that are their own clients."""

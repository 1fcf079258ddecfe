"""Updates: rules appear when a Service is made, follow its changes, and vanish with it."""

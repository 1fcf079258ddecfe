"""externalTrafficPolicy and internalTrafficPolicy: which endpoints a node may use for whom."""

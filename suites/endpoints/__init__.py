"""Endpoints: from a selector to EndpointSlices, and from these to the data path."""

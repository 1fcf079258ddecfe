"""Headless Services: names for endpoints, without an address or a proxy in between."""

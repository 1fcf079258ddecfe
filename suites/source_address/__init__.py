"""Whom a backend sees as its client, and endpoints that are their own clients."""

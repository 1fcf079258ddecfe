"""Subresources other than `status`: one module per subject."""

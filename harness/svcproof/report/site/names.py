"""Names from run files as names of files: whatever is in them, no path leads out of the site."""

import re
from hashlib import sha256

HARMLESS = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
SHORT = 60
DIGITS = 10
"""Hex digits that make a changed name another than all others."""


def file_name(text: str) -> str:
    """The text, where it can be a file's name on any system; else what is harmless in it, and a digest of all of it."""
    if HARMLESS.fullmatch(text) and not text.endswith("."):
        return text
    kept = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:SHORT].strip("-")
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
    return f"{kept}-{digest}" if kept else digest

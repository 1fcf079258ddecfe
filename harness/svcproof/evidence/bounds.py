"""Limits of what is kept."""

LARGEST_TEXT = 4 << 20
"""Characters of one file of text."""
GAP = "\n[... {} characters are left out here ...]\n"


def bounded(text: str, most: int = LARGEST_TEXT) -> str:
    """Both ends of a text that has more than `most` characters, with a line between that says how many are missing."""
    if len(text) <= most:
        return text
    half = most // 2
    return text[:half] + GAP.format(len(text) - 2 * half) + text[len(text) - half :]

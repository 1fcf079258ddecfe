"""The styles and scripts of the page, each a file of this package, and the policy that has a browser obey no others."""

import base64
from hashlib import sha256
from importlib.resources import files

STYLES = (
    "base.css",
    "matrix.css",
    "marks.css",
    "against.css",
    "differences.css",
    "issues.css",
    "details.css",
    "pictures.css",
    "narrow.css",
    "print.css",
)
SCRIPTS = (
    "text.js",
    "dom.js",
    "embedded.js",
    "sha256.js",
    "schema.js",
    "runfile.js",
    "again.js",
    "story.js",
    "looks.js",
    "parts.js",
    "measures.js",
    "picture.js",
    "details.js",
    "address.js",
    "table.js",
    "groups.js",
    "filters.js",
    "panel.js",
    "keyboard.js",
    "drop.js",
    "start.js",
)
"""Plain scripts of functions, in this order one module: none imports, each uses what all define."""


def joined(names: tuple[str, ...]) -> str:
    """The content of files of this package, one after the other."""
    return "\n".join((files(__package__) / name).read_text(encoding="utf-8") for name in names)


def policy(style: str, script: str) -> str:
    """The Content-Security-Policy of a page with one style and one script: it loads nothing and runs nothing else.

    No text can become markup in it: https://www.w3.org/TR/trusted-types/
    """
    return (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}'"

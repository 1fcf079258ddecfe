"""Secrets taken out of what is kept: each is replaced by `[removed]`, the words around it stay.

What counts as one: private keys in PEM, bearer and basic credentials, JSON web tokens, passwords in URLs, the data of
Secrets, and the values of options, variables and keys whose names end in token, password, secret or key.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any

REMOVED = "[removed]"
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
LOOSE = (
    r"(?:token|passwords?|passwd|passphrase|secret|credentials?|api[-_]?key|access[-_]?key|private[-_]?key|key[-_]data)"
)
"""The end of a name of a secret, in lower or upper case."""
STRICT = r"[A-Z0-9_]{0,100}(?:TOKEN|PASSWORD|PASSWD|SECRET|KEY)"
"""The name of a variable whose value is one; in lower case, many a `key` is none."""
NAME = rf"(?:(?i:[\w.-]{{0,100}}{LOOSE})|{STRICT})"
VALUE = r"""(?:\\"(?:(?!\\")[^\n])*\\"|"(?:[^"\\]|\\.)*"|'[^'\n]*'|[^\s"',;}\])\\]+)"""
STAMP = r"(?:\d{4}-\d\d-\d\dT\S+[ ])?"
"""The time before a line of a log."""
QUOTE = r"""\\?["']?"""
QUOTED_END = r"""\\?["']"""
STILL_THERE = r"""(?!\\?["']?\[removed\])"""
NAMED = rf"""((?i:\bname){QUOTE}\s*[:=]\s*{QUOTE}{NAME}{QUOTE}[\s,]+{STAMP}\s*{QUOTE}(?i:value){QUOTE}\s*[:=]\s*)"""
SECRET_NAME = re.compile(rf"^-*{NAME}$")

PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, flags), replacement)
    for pattern, flags, replacement in (
        (
            r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)(?:.{0,9999}?(?=-----END [A-Z ]*PRIVATE KEY-----)|(?:[^\n]*\n?){64})",
            re.DOTALL,
            rf"\1{REMOVED}",
        ),
        (r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)?", 0, REMOVED),
        (rf"\b(bearer|basic)(\s+|%20){STILL_THERE}[A-Za-z0-9._~+/=-]{{6,}}", re.IGNORECASE, rf"\1\2{REMOVED}"),
        (r"(\b[a-z][a-z0-9+.-]{0,20}://[^/\s:@]{0,200}:)[^@/\s]{1,500}@", re.IGNORECASE, rf"\1{REMOVED}@"),
        # An option and its value: two words, or two elements of a list.
        (
            rf"""((?<![\w-])--?{NAME}["']?(?:\s*,\s*|\s+{STAMP}\s*-\s+|[ \t]+|=))(?!-){STILL_THERE}{VALUE}""",
            0,
            rf"\1{REMOVED}",
        ),
        # A variable of a container, {name: DB_PASSWORD, value: x}, as YAML, JSON or Go print it.
        (
            NAMED + rf"{STILL_THERE}{VALUE}",
            0,
            rf"\1{REMOVED}",
        ),
        # A Service may be called token, and its port main: `ns/token:main`.
        (
            rf"""((?<![\w/.-]){NAME}{QUOTE}\s?[:=][ \t]*)(?![|>]?\s*$){STILL_THERE}{VALUE}""",
            re.MULTILINE,
            rf"\1{REMOVED}",
        ),
        (rf"""(/{NAME}(?:{QUOTED_END}\s?[:=]|\s?[:=][ \t])[ \t]*){STILL_THERE}{VALUE}""", 0, rf"\1{REMOVED}"),
    )
)
DATA = re.compile(r"""(\\?["'](?:data|stringData)\\?["']\s*:\s*)\{[^{}]*\}""")
DATA_IN_YAML = re.compile(rf"(?m)^({STAMP})([ \t]*)((?:data|stringData):)[ \t]*\n(?:{STAMP}\2[ \t]+\S.*\n?)+")
IS_SECRET = re.compile(r"""\bkind\\?["']?\s*:\s*\\?["']?Secret\b""")


def without_secrets(text: str, known: Collection[str] = ()) -> str:
    """The text without secrets, and without the `known` ones, wherever they stand."""
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, REMOVED)
    if IS_SECRET.search(text):
        text = DATA_IN_YAML.sub(rf"\1\2\3 {REMOVED}\n", DATA.sub(rf"\1{REMOVED}", text))
    for pattern, replacement in PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def object_without_secrets(value: Any, known: Collection[str] = ()) -> Any:
    """A Kubernetes object, or a part of one, without secrets."""
    match value:
        case str():
            return without_secrets(value, known)
        case list():
            return _list_without_secrets(value, known)
        case dict():
            return {key: _entry(key, item, value, known) for key, item in value.items()}
        case _:
            return value


def _entry(key: str, item: Any, whole: Mapping[str, Any], known: Collection[str]) -> Any:
    if whole.get("kind") == "Secret" and key in {"data", "stringData"}:
        return dict.fromkeys(item or (), REMOVED)
    if key == LAST_APPLIED and isinstance(item, str):
        return _applied(item, known)
    if isinstance(item, str | int) and not isinstance(item, bool) and item != "":
        names_secret = key == "value" and SECRET_NAME.match(str(whole.get("name", "")))
        if names_secret or SECRET_NAME.match(key.rpartition("/")[2]):
            return REMOVED
    return object_without_secrets(item, known)


def _applied(text: str, known: Collection[str]) -> str:
    """The object as it was applied, which an annotation holds as JSON."""
    try:
        return json.dumps(object_without_secrets(json.loads(text), known))
    except (ValueError, RecursionError):
        return REMOVED


def _list_without_secrets(items: list[Any], known: Collection[str]) -> list[Any]:
    """A list, of arguments or of anything; an argument after the name of a secret is one."""
    cleaned: list[Any] = []
    for before, item in zip((None, *items), items, strict=False):
        is_value = isinstance(item, str) and not item.startswith("-") and _is_secret_option(before)
        cleaned.append(REMOVED if is_value else object_without_secrets(item, known))
    return cleaned


def _is_secret_option(word: Any) -> bool:
    return isinstance(word, str) and word.startswith("-") and SECRET_NAME.match(word) is not None

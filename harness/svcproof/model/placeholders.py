"""Placeholders, `${echo-0.address}`: the words of a scenario for what only the cluster knows."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")
NUMBERED: Mapping[str, tuple[str, ...]] = {
    "node": ("", ".address", ".zone"),
    "client": (".address", ".node"),
    "outside": (".address",),
    "external": ("",),
    "node-port": ("",),
}
"""Things that there are several of, counted from 1, and what of each is meant: `${node-2}`, `${node-2.zone}`."""
MOST = 9
OF_PODS = (".address", ".node")
SINGLE = ("nobody",)
"""`${nobody}` is an address of the external range that nothing answers at."""
Place = tuple[str | int, ...]


def is_known(word: str, pods: tuple[str, ...]) -> bool:
    """True if a scenario with these pods may have the placeholder `${word}`."""
    return word in _names(pods, MOST)


def suggestions(pods: tuple[str, ...]) -> tuple[str, ...]:
    """The placeholders that a scenario with these pods may have, the first two of what there are more of."""
    return tuple(sorted(_names(pods, 2)))


def placeholders(value: Any, at: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each placeholder in the texts of a JSON value, with its place."""
    if isinstance(value, str):
        yield from ((at, word) for word in PLACEHOLDER.findall(value))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from placeholders(inner, (*at, key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from placeholders(inner, (*at, index))


def fill(value: Any, meaning: Callable[[str], str]) -> Any:
    """Put the meaning of each placeholder in its place; the rest stays as it is."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda match: meaning(match[1]), value)
    if isinstance(value, dict):
        return {key: fill(inner, meaning) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [fill(inner, meaning) for inner in value]
    return value


def _names(pods: tuple[str, ...], most: int) -> frozenset[str]:
    numbered = {
        f"{kind}-{number}{end}" for kind, ends in NUMBERED.items() for number in range(1, most + 1) for end in ends
    }
    return frozenset(numbered | {f"{pod}{end}" for pod in pods for end in OF_PODS} | set(SINGLE))

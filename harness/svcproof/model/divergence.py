"""The divergence of a check that did not hold: the first fact in which it is not as the API says it should be."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Divergence:
    """A sentence with the node and the object that it is about.

    `node` is empty where it is about no node or about all alike; `vantage` is who saw it; `object` is a kind and a
    name, such as `Service echo`. `at` is when it was first seen, in seconds since the check began.
    """

    sentence: str
    """The divergence in words."""
    node: str = ""
    vantage: str = ""
    object: str = ""
    at: float | None = None

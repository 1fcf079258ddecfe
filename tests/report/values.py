"""Hypothesis strategies for the values of a run file, made from their types."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from svcproof.model.baseline import Baseline
from svcproof.model.behaviour import Behaviour
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import ProxySpec

SIMPLE = {
    str: st.text(max_size=5),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    bool: st.booleans(),
    NoneType: st.none(),
    ClusterSpec: st.just(ClusterSpec(name="lab", provider="lab", pod_ranges=["10.0.0.0/16"])),
    ProxySpec: st.just(ProxySpec(name="mine", features=["sctp"])),
    Baseline: st.just(
        Baseline.model_validate_json(
            '{"baseline": 1, "entries": [{"behaviour": "b", "observed": "flaky", "why": "known", '
            '"url": "https://example.org/1", "owner": "@net", "until": "2027-03-01"}]}'
        )
    ),
    Any: st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
        max_leaves=4,
    ),
}
RELEASES = {
    "kep": st.none() | st.integers(1, 9999),
    "since": st.sampled_from(["", "1.26"]),
    "beta": st.just(""),
    "binding": st.just(""),
}


def values(kind):
    """Any value of this type."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    if is_dataclass(kind):
        chosen = RELEASES if kind is Behaviour else {}
        hints = {
            name: hint
            for name, hint in get_type_hints(kind, include_extras=True).items()
            if name in {own.name for own in fields(kind)}
        }
        return st.builds(kind, **{name: values(hint) for name, hint in hints.items()} | chosen)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    return _of(get_origin(kind), get_args(kind))


def _of(origin, inner):
    if origin in (UnionType, Union):
        return st.one_of(*map(values, inner))
    if origin is Annotated:
        patterns = [limit.pattern for limit in inner[1].metadata if hasattr(limit, "pattern")]
        return st.from_regex(patterns[0], fullmatch=True) if patterns else values(inner[0])
    if origin is tuple and inner[-1] is not Ellipsis:
        return st.tuples(*map(values, inner))
    if origin is tuple:
        return st.lists(values(inner[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(values(inner[0]), max_size=2)
    if origin in (Mapping, dict):
        return st.dictionaries(*map(values, inner), max_size=2)
    raise TypeError(f"no strategy for {origin}[{inner}]")

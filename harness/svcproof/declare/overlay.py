"""The options of the command line and the environment, laid over the declaration of a cluster."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from svcproof.model import words
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.options import Meaning, Options, meaning, name_of
from svcproof.printable import quoted


def with_environment(options: Options, on: ClusterSpec, environment: Mapping[str, str]) -> Options:
    """Take from the environment what the command line does not say, where it says something to this cluster."""
    stand_ins: dict[str, Any] = {
        option.name: value
        for option in fields(options)
        if (value := environment.get(meaning(option).variable))
        and on.provider in meaning(option).providers
        and not getattr(options, option.name)
    }
    return replace(options, **stand_ins)


def overlaid(on: ClusterSpec, options: Options) -> ClusterSpec:
    """The cluster as declared, but for what the options say otherwise."""
    parts: dict[str, dict[str, Any]] = {
        "kind": {"image": options.node_image},
        "agent": {"image": options.image},
        "kubeconfig": {"path": _absolute(options.kubeconfig), "context": options.context},
        "metallb": {"manifest": _absolute(options.metallb_manifest), "install": options.install_metallb},
    }
    changed = {
        part: getattr(on, part).model_copy(update={key: value for key, value in keys.items() if value})
        for part, keys in parts.items()
    }
    return on.model_copy(update={**changed, "keep": options.keep})


def misfits(on: ClusterSpec, options: Options) -> Iterator[str]:
    """Yield what the options say that this cluster has no use for, and the files they name that are not there."""
    for field, meant, value in options.in_use():
        if meant.providers and on.provider not in meant.providers:
            whose = " or ".join(meant.providers)
            yield f"--{name_of(field)} is for clusters of {whose}: {on.name} is one of {on.provider}"
        elif why := _misspelt(meant, value):
            yield f"--{name_of(field)} {quoted(value)}: {why}"
        elif meant.file and not Path(_absolute(value)).is_file():
            yield f"--{name_of(field)} {value}: there is no such file"


def _misspelt(meant: Meaning, value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return words.problem(words.image if meant.takes == "IMAGE" else words.line, value)


def _absolute(path: str) -> str:
    return str(Path(path).expanduser().absolute()) if path else ""

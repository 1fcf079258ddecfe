"""The rules by which templates become HTML, here and on a site: nothing of what they show is markup, or hidden."""

from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined

from svcproof.printable import one_line


def environment(loader: BaseLoader) -> Environment:
    """The environment for the templates of a loader; a name that a template uses and nobody gave it is an error."""
    return Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: Any) -> Any:
    """Text from anywhere as it is shown: no character of it is hidden, or obeyed by whoever shows it."""
    return one_line(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

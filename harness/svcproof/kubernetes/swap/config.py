"""kube-proxy's configuration file, as text: pure functions.

https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/
"""

from svcproof.errors import ProvisionError
from svcproof.yaml_reading import MANIFEST, Part, Unsound, parse

DEFAULT_MODE = "iptables"
"""What kube-proxy does on Linux where no mode is given."""


def mode_of(text: str) -> str:
    """Return the mode that a configuration asks for; raises ProvisionError where it is no YAML mapping."""
    part = _read(text)
    return str(part.value.get("mode") or DEFAULT_MODE)


def with_mode(text: str, mode: str) -> str:
    """Return the configuration with another mode and every other character as it was."""
    part = _read(text)
    if "mode" not in part.value:
        return f"{text.rstrip()}\nmode: {mode}\n"
    place = part.places["mode",]
    before, after = _index(text, place.value), _index(text, place.end)
    space = "" if before and text[before - 1].isspace() else " "
    return f"{text[:before]}{space}{mode}{text[after:]}"


def _read(text: str) -> Part:
    try:
        parts = parse(text, MANIFEST)
    except Unsound as error:
        raise ProvisionError(f"kube-proxy's configuration in the cluster is not valid YAML: {error}") from error
    if len(parts) != 1 or not isinstance(parts[0].value, dict):
        raise ProvisionError("kube-proxy's configuration in the cluster is no YAML mapping")
    return parts[0]


def _index(text: str, place: tuple[int, int]) -> int:
    """Where in the text a line and column, from 1, are."""
    line, column = place
    return sum(map(len, text.splitlines(keepends=True)[: line - 1])) + column - 1

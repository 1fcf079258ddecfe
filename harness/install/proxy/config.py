"""kube-proxy's configuration file, as text: pure functions.

https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/
"""

import yaml

from harness.errors import ProvisionError

DEFAULT_MODE = "iptables"
"""What kube-proxy does on Linux where no mode is given."""


def mode_of(text: str) -> str:
    """Return the mode that a configuration asks for; raises ProvisionError where it is no YAML mapping."""
    node = _mode(text)
    return node.value if node is not None and node.value not in ("", "null", "~") else DEFAULT_MODE


def with_mode(text: str, mode: str) -> str:
    """Return the configuration with another mode and every other character as it was."""
    node = _mode(text)
    if node is None:
        return f"{text.rstrip()}\nmode: {mode}\n"
    before, after = node.start_mark.index, node.end_mark.index
    space = "" if before and text[before - 1].isspace() else " "
    return f"{text[:before]}{space}{mode}{text[after:]}"


def _mode(text: str) -> yaml.ScalarNode | None:
    try:
        # Not the C loader: its marks have no index into the text.
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ProvisionError(f"kube-proxy's configuration in the cluster is not valid YAML: {error}") from error
    if not isinstance(root, yaml.MappingNode):
        raise ProvisionError("kube-proxy's configuration in the cluster is no YAML mapping")
    return next((value for key, value in root.value if key.value == "mode"), None)

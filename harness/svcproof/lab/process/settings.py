"""The settings of a lab's process, which the harness writes before it starts it."""

import json
from dataclasses import dataclass

from svcproof.disk import UnreadableError, opened, read_record, write_private
from svcproof.lab.components import Component
from svcproof.lab.directory import Directory
from svcproof.lab.layout import Layout
from svcproof.lab.process.json_values import decoded, encoded
from svcproof.ledger import scratch


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the lab's process needs to know.

    `listener` is the number of an inherited socket that listens on the host's loopback; `token` lets clients of
    the API in, `secret` those of the agents; `faults` are written `part/name`; `agent` is the path of the Python
    program that runs on each client outside the cluster, empty for none; `components` have the place of
    parts of the lab's own.
    """

    layout: Layout
    directory: Directory
    listener: int
    token: str
    secret: str
    faults: tuple[str, ...] = ()
    agent: str = ""
    components: tuple[Component, ...] = ()

    def component(self, name: str) -> Component | None:
        """Return the component of this name, or None where the lab has a part of its own in its place."""
        return next((component for component in self.components if component.name == name), None)

    def write(self) -> None:
        """Write them into the lab's directory, for this user alone."""
        write_private(self.directory.settings, json.dumps(encoded(self)))


def read(directory: Directory) -> Settings:
    """Read what `Settings.write` wrote.

    Raises UntrustedError where others could have written it, UnreadableError where it is anything else.
    """
    with opened(directory.path, scratch.REMEDY) as descriptor:
        record = read_record(directory.settings, descriptor)
    try:
        settings: Settings = decoded(Settings, record)
    except ValueError as error:
        raise UnreadableError(f"{directory.settings} has not the settings of a lab: {error}") from error
    return settings

"""What the harness tells the process of a lab when it starts it."""

import pickle
from dataclasses import dataclass

from harness.lab.layout import Layout
from harness.lab.process.directory import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the lab's process needs to know.

    `listener` is the number of an inherited socket that listens on the host's loopback; `token` lets clients of
    the API in, `secret` those of the agents; `faults` are written `part/name`.
    """

    layout: Layout
    directory: Directory
    listener: int
    token: str
    secret: str
    faults: tuple[str, ...] = ()

    def faults_of(self, part: str) -> frozenset[str]:
        """The faults to switch on in one part of the lab, by their full names."""
        return frozenset(name for name in self.faults if name.startswith(f"{part}/"))

    def write(self) -> None:
        """Write them into the lab's directory, which nobody else can write to."""
        self.directory.settings.write_bytes(pickle.dumps(self))


def read(directory: Directory) -> Settings:
    """Read what `Settings.write` wrote."""
    settings: Settings = pickle.loads(directory.settings.read_bytes())
    return settings

"""What the harness tells the process of a lab when it starts it."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from harness.lab.process.directory import Directory
from harness.model.cluster_spec import ClusterSpec


class Settings(BaseModel):
    """Everything the lab's process needs to know.

    `listener` is the number of an inherited socket that listens on the host's loopback; `token` lets clients of
    the API in, `secret` those of the agents; `faults` are written `part/name`.
    """

    model_config = ConfigDict(frozen=True)

    spec: ClusterSpec
    path: Path
    listener: int
    token: str
    secret: str
    faults: tuple[str, ...] = ()

    @property
    def directory(self) -> Directory:
        """The lab's directory."""
        return Directory(self.path)

    def faults_of(self, part: str) -> frozenset[str]:
        """The faults to switch on in one part of the lab, by their full names."""
        return frozenset(name for name in self.faults if name.startswith(f"{part}/"))

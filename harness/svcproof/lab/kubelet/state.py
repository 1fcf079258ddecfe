"""The state of a container, and its form in the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from svcproof.json_objects import Object
from svcproof.lab.clock import rfc3339

RUNTIME = "svcproof://"


@dataclass(frozen=True, slots=True)
class Waiting:
    """It has not been started, or is to be started again."""

    reason: str = "ContainerCreating"
    message: str = ""

    def shown(self) -> Object:
        """As ContainerState has it."""
        return {"waiting": {"reason": self.reason} | ({"message": self.message} if self.message else {})}


@dataclass(frozen=True, slots=True)
class Up:
    """It runs, since then."""

    started: datetime
    id: str

    def shown(self) -> Object:
        """As ContainerState has it."""
        return {"running": {"startedAt": rfc3339(self.started)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """It ran from then to then and left with this code; or could not be executed, which is code 128."""

    code: int
    started: datetime
    finished: datetime
    id: str
    message: str = ""
    reason: str = ""

    def shown(self) -> Object:
        """As ContainerState has it."""
        terminated: dict[str, Any] = {
            "exitCode": self.code,
            "reason": self.reason or ("Completed" if self.code == 0 else "Error"),
            "startedAt": rfc3339(self.started),
            "finishedAt": rfc3339(self.finished),
            "containerID": self.id,
        }
        return {"terminated": terminated | ({"message": self.message} if self.message else {})}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerState:
    """One container of a pod: what it does now, and how it ended the time before."""

    name: str
    image: str
    now: Waiting | Up | Ended = Waiting()
    before: Ended | None = None
    restarts: int = 0
    started: bool = False
    ready: bool = False

    @property
    def id(self) -> str:
        """The id of its last start; empty before the first."""
        if isinstance(self.now, Waiting):
            return self.before.id if self.before else ""
        return self.now.id

    def shown(self) -> Object:
        """As ContainerStatus has it."""
        return {
            "name": self.name,
            "image": self.image,
            "imageID": "" if isinstance(self.now, Waiting) and not self.before else f"{RUNTIME}{self.image}",
            "containerID": self.id,
            "state": self.now.shown(),
            "lastState": self.before.shown() if self.before else {},
            "restartCount": self.restarts,
            "started": self.started,
            "ready": self.ready,
        }

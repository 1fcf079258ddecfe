"""The history of a namespace: its Services, EndpointSlices and pods as the API server had them, from time to time."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from svcproof.errors import ProbeError, Rejected
from svcproof.json_objects import Object
from svcproof.kubernetes.api.kube import Kube
from svcproof.kubernetes.api.short import shortened
from svcproof.model.circumstance import Circumstance, ObjectState

KINDS = ("Service", "discovery.k8s.io/v1 EndpointSlice", "Pod")
OPEN_FOR = 600
"""The time for which the API server keeps one watch open."""
PAUSE = 1.0
MOST = 2000
"""States kept; of older ones only the last of each object."""
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class State:
    """An object from this time of the monotonic clock on; `gone` is true once it is deleted."""

    at: float
    kind: str
    item: Object
    gone: bool

    @property
    def key(self) -> Key:
        """The kind and the name."""
        return self.kind, self.item["metadata"]["name"]


class History:
    """Watches a namespace in threads of its own, from `start` to `close`; what it cannot watch, it does without."""

    def __init__(self, kube: Kube, namespace: str) -> None:
        self._kube, self._namespace = kube, namespace
        self._states: list[State] = []
        self._versions: dict[Key, str] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    def start(self) -> None:
        """Begin to watch."""
        for kind in KINDS:
            threading.Thread(target=self._follow, args=(kind,), name=f"history of {kind}", daemon=True).start()

    def close(self) -> None:
        """Take down nothing more. The threads end with their connections."""
        self._closed.set()

    def since(self, began: float) -> Iterator[Circumstance]:
        """Yield what there was at this time of the monotonic clock, and then each state that followed."""
        with self._lock:
            states = tuple(self._states)
        before = {state.key: state for state in states if state.at < began}
        after = [state for state in states if state.at >= began]
        for state in (*(state for state in before.values() if not state.gone), *after):
            yield Circumstance(at=round(state.at - began, 4), state=_state(state))

    def _follow(self, kind: str) -> None:
        while not self._closed.is_set():
            try:
                for verb, item in self._kube.watch(kind, self._namespace, seconds=OPEN_FOR):
                    self._add(State(time.monotonic(), kind.rpartition(" ")[2], item, verb == "DELETED"))
            except Rejected:
                return  # The account may not watch: a check is explained by less.
            except (ProbeError, ValueError):
                self._closed.wait(PAUSE)

    def _add(self, state: State) -> None:
        """Add a state, unless it is what a watch begins with and is known already."""
        version = f"{state.item['metadata'].get('resourceVersion')}{state.gone}"
        with self._lock:
            if self._closed.is_set() or self._versions.get(state.key) == version:
                return
            self._versions[state.key] = version
            self._states.append(state)
            if len(self._states) > MOST:
                older, recent = self._states[: MOST // 2], self._states[MOST // 2 :]
                last = {each.key: each for each in older}
                self._states = [each for each in last.values() if not each.gone] + recent


def _state(state: State) -> ObjectState:
    metadata = state.item["metadata"]
    managers = (entry.get("manager", "") for entry in metadata.get("managedFields") or ())
    return ObjectState(
        kind=state.kind,
        name=metadata["name"],
        namespace=metadata.get("namespace", ""),
        resource_version=str(metadata.get("resourceVersion", "")),
        deleted=state.gone,
        writers=tuple(sorted(set(filter(None, managers)))),
        content=shortened(state.kind, state.item),
    )

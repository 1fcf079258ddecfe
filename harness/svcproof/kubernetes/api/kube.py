"""The cluster's API, synchronous, with objects as plain dicts."""

import json
import math
import shlex
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import msgspec
import yaml
from lightkube import ALL_NS, Client, KubeConfig
from lightkube.config import client_adapter
from lightkube.core import decoders
from lightkube.core.exceptions import ConfigError
from lightkube.core.resource import NamespacedResource
from lightkube.types import CascadeType, PatchType

from svcproof.commands import Completed
from svcproof.errors import NotFound, ProbeError, UsageError
from svcproof.json_objects import Object
from svcproof.kubernetes.api.commands import execute
from svcproof.kubernetes.api.credentials import understood
from svcproof.kubernetes.api.kinds import CLASSES, api_kind, kind_of, known_class, served_class
from svcproof.kubernetes.api.refusals import attempting
from svcproof.kubernetes.api.sessions import Session, session
from svcproof.limits import Request
from svcproof.wait import Within, provisioned

UNREADABLE = (ConfigError, OSError, yaml.YAMLError, msgspec.ValidationError, AttributeError, KeyError, TypeError)
"""What lightkube raises for files that are not there, no YAML, no kubeconfig, or no certificates."""
Value = TypeVar("Value")
Until = Callable[[Value], bool]
List = list[Object]
MANAGER = "svcproof"


class Kube:
    """A client of one cluster, safe to use from several threads.

    A kind is `Service` or `apps/v1 Deployment`, or with its version any other that the cluster has; `namespace` is
    empty for what has none, and in lists for all of them. Every method raises Rejected (NotFound, Conflict) where the
    API server refuses, ProbeError where it does not answer; a message says what was attempted.
    """

    def __init__(self, kubeconfig: Path, context: str | None = None) -> None:
        with _using(kubeconfig):
            self._config = config = understood(KubeConfig.from_file(str(kubeconfig)).get(context))
            timeout = httpx2.Timeout(Request.API.seconds)
            self._client: Any = Client(config=config, timeout=timeout, field_manager=MANAGER, trust_env=False)
            self._http: Any = client_adapter.Client(
                config, client_adapter.ConnectionParams(timeout=timeout, trust_env=False)
            )
        _warm_up()

    def get(self, kind: str, name: str, namespace: str = "") -> Object:
        """Return one object."""
        with attempting(f"get {_called(kind, name, namespace)}"):
            return dict(self._client.get(self._resource(kind), name, namespace=namespace or None))

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        """Return objects, of all namespaces without one; `labels` is a selector such as `app=web,tier`."""
        with attempting(f"list {_called(kind, '', namespace)} {labels}".rstrip()):
            kinds = self._resource(kind)
            found = self._client.list(kinds, labels=_selector(labels), namespace=_where(namespace, kinds))
            return [dict(one) for one in found]

    def create(self, manifest: Object) -> Object:
        """Create an object and return it as the server has it then."""
        return self._send("create", manifest)

    def replace(self, manifest: Object) -> Object:
        """Replace an object; raises Conflict where its resourceVersion is no longer the latest."""
        return self._send("replace", manifest)

    def apply(self, manifest: Object) -> Object:
        """Create an object or bring it to what the manifest says (server-side apply, ours wins)."""
        with attempting(f"apply {_named(manifest)}"):
            return dict(self._client.apply(self._resource(kind_of(manifest))(manifest), force=True))

    def patch(
        self, kind: str, name: str, namespace: str, patch: Object | Sequence[Object], *, status: bool = False
    ) -> Object:
        """Merge `patch` into an object (null removes a key); a sequence is a JSON patch.

        With `status` it is the status that changes, and nothing else does.
        """
        form = PatchType.MERGE if isinstance(patch, dict) else PatchType.JSON
        with attempting(f"patch {_called(kind, name, namespace)} with {json.dumps(patch)}"):
            kinds = self._resource(kind).Status if status else self._resource(kind)
            return dict(self._client.patch(kinds, name, patch, patch_type=form, namespace=namespace or None))

    def delete(
        self,
        kind: str,
        name: str,
        namespace: str = "",
        *,
        missing_ok: bool = False,
        grace: int | None = None,
        dependents_first: bool = False,
    ) -> None:
        """Ask for an object's deletion, with `grace` seconds to end where that is a pod; does not wait.

        With `dependents_first` it is there until its dependents, such as a DaemonSet's pods, are gone.
        """
        cascade = CascadeType.FOREGROUND if dependents_first else None
        try:
            with attempting(f"delete {_called(kind, name, namespace)}"):
                kinds = self._resource(kind)
                self._client.delete(kinds, name, grace_period=grace, cascade=cascade, namespace=namespace or None)
        except NotFound:
            if not missing_ok:
                raise

    def _send(self, verb: str, manifest: Object) -> Object:
        with attempting(f"{verb} {_named(manifest)}"):
            sent = self._resource(kind_of(manifest))(manifest)
            return dict(getattr(self._client, verb)(sent))

    def wait(self, kind: str, name: str, namespace: str = "", *, until: Until[Object], within: Within) -> Object:
        """Return the object once `until` holds of it; raises ProvisionError after `within` seconds.

        Until it exists, `until` is not asked.
        """
        what = _called(kind, name, namespace)
        return provisioned(what, lambda: self._find(kind, name, namespace), _once_there(until), within)

    def wait_list(
        self, kind: str, namespace: str = "", labels: str = "", *, until: Until[List], what: str, within: Within
    ) -> List:
        """Return the list once `until` holds of it; raises ProvisionError naming `what` after `within` s."""
        return provisioned(what, lambda: self.list(kind, namespace, labels), until, within)

    def wait_gone(self, kind: str, name: str, namespace: str = "", *, within: Within) -> None:
        """Return once there is no such object; raises ProvisionError after `within` seconds."""
        what = f"the end of {_called(kind, name, namespace)}"
        provisioned(what, lambda: self._find(kind, name, namespace), lambda one: not one, within)

    def _find(self, kind: str, name: str, namespace: str) -> Object:
        try:
            return self.get(kind, name, namespace)
        except NotFound:
            return {}

    def watch(
        self, kind: str, namespace: str = "", labels: str = "", *, seconds: float
    ) -> Generator[tuple[str, Object]]:
        """Yield (ADDED | MODIFIED | DELETED, object), beginning with all there is, for whole `seconds`."""
        # Not lightkube's: that one never ends, and leaves its connection open when it is closed.
        path, query = api_kind(kind).path(namespace), {"labelSelector": labels}
        with attempting(f"watch {_called(kind, '', namespace)}"):
            now = self._http.get(path, params=query).raise_for_status().json()
            yield from (("ADDED", one) for one in now["items"])
            since = {"resourceVersion": now["metadata"]["resourceVersion"], "timeoutSeconds": str(math.ceil(seconds))}
            with self._http.stream("GET", path, params={**query, **since, "watch": "true"}) as events:
                events.raise_for_status()
                for line in events.iter_lines():
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        raise ProbeError(f"watch {_called(kind, '', namespace)}: {event['object'].get('message')}")
                    yield event["type"], event["object"]

    def exec(
        self,
        pod: str,
        namespace: str,
        argv: Sequence[str],
        container: str | None = None,
        timeout: float | None = None,
    ) -> Completed:
        """Run a command in a container; raises ProbeError where it has not ended after `timeout` seconds."""
        with attempting(f"exec {shlex.join(argv)} in {_called('Pod', pod, namespace)}"):
            return execute(self._config, pod, namespace, argv, container, timeout or Request.COMMAND.seconds)

    def session(
        self, pod: str, namespace: str, argv: Sequence[str], container: str
    ) -> AbstractAsyncContextManager[Session]:
        """Run a command in a container, its streams held open as long as the context lasts; for an event loop."""
        return session(self._config, pod, namespace, argv, container)

    def logs(self, pod: str, namespace: str, container: str | None = None, lines: int | None = None) -> str:
        """Return what a container has written so far, or its last `lines`."""
        with attempting(f"read the log of {_called('Pod', pod, namespace)}"):
            return "".join(self._client.log(pod, namespace=namespace, container=container, tail_lines=lines))

    def post(
        self, path: str, body: bytes | Iterable[bytes], headers: dict[str, str], timeout: float
    ) -> tuple[int, bytes]:
        """POST to a path of the API server, such as a pod's proxy; return the status and the answer, whatever it is.

        A body that is not one piece is sent in chunks.
        """
        with attempting(f"POST {path}"):
            said = self._http.post(path, content=body, headers=headers, timeout=timeout)
            return said.status_code, said.content

    def fetch(self, path: str, timeout: float) -> tuple[int, bytes]:
        """GET a path of the API server, such as a pod's proxy; return the status and the answer, whatever it is."""
        with attempting(f"GET {path}"):
            said = self._http.get(path, timeout=timeout)
            return said.status_code, said.content

    def default_namespace(self, kind: str) -> str:
        """Return the namespace that an object of this kind is put into where it names none: empty for some kinds."""
        with attempting(f"look up {kind}"):
            return str(self._client.namespace) if issubclass(self._resource(kind), NamespacedResource) else ""

    @property
    def server(self) -> str:
        """The API server's address."""
        return str(self._config.cluster.server)

    def version(self) -> str:
        """Return the API server's version, such as v1.36.3."""
        with attempting("get /version"):
            return str(self._http.get("/version").raise_for_status().json()["gitVersion"])

    def _resource(self, kind: str) -> Any:
        """Return lightkube's class for a kind that is known to us, or to the API server alone."""
        if known := known_class(kind):
            return known
        served = self._http.get(f"/apis/{kind.rpartition(' ')[0]}").raise_for_status().json()["resources"]
        if (generic := served_class(kind, served)) is None:
            raise NotFound(f"the API server has no kind {kind}", code=404, message="no such kind")
        return generic

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._http.close()


@contextmanager
def _using(kubeconfig: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as why:
        raise UsageError(f"the kubeconfig {kubeconfig} cannot be used: {type(why).__name__}: {why}") from why


def _once_there(until: Until[Object]) -> Until[Object]:
    return wraps(until)(lambda one: bool(one) and until(one))


def _warm_up() -> None:
    """Decode each type once, here: msgspec crashes the process when threads do it for the first time at once."""
    decoders.decode_status(b'{"kind": "Status"}')
    decoders.decode_watch_event(b'{"type": "ADDED", "object": {}}')
    for made in CLASSES.values():
        decoders.decode_list(b'{"items": []}', made)


def _where(namespace: str, kinds: Any) -> str | None:
    return namespace or (ALL_NS if issubclass(kinds, NamespacedResource) else None)


def _selector(labels: str) -> dict[str, str | None] | None:
    pairs = (pair.partition("=") for pair in labels.split(",") if pair)
    return {key: value if equal else None for key, equal, value in pairs} or None


def _called(kind: str, name: str, namespace: str) -> str:
    place = f" in namespace {namespace}" if namespace else ""
    return f"{kind.rpartition(' ')[2]} {name}{place}"


def _named(manifest: Object) -> str:
    metadata = manifest["metadata"]
    return _called(manifest["kind"], metadata.get("name", ""), metadata.get("namespace", ""))

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
from svcproof.kubernetes.api.credentials import usable_config
from svcproof.kubernetes.api.error_translation import translate_errors
from svcproof.kubernetes.api.exec import ExecSession, execute, open_session
from svcproof.kubernetes.api.kinds import CLASSES, api_kind, kind_of, known_class, served_class
from svcproof.limits import Request
from svcproof.wait import Within, await_none, provisioned

UNREADABLE = (ConfigError, OSError, yaml.YAMLError, msgspec.ValidationError, AttributeError, KeyError, TypeError)
"""Errors of lightkube for files that are missing, not YAML, not kubeconfigs, or not certificates."""
Value = TypeVar("Value")
Until = Callable[[Value], bool]
List = list[Object]
MANAGER = "svcproof"


class Kube:
    """A client of one cluster, safe to use from several threads.

    A kind is `Service` or `apps/v1 Deployment`, or with its version any other that the cluster has; `namespace` is
    empty for what has none, and in lists for all of them. Every method raises Rejected (NotFound, Conflict) if the
    API server refuses, ProbeError if it does not answer; a message says what was attempted.
    """

    def __init__(self, kubeconfig: Path, context: str | None = None) -> None:
        with _refuse_unreadable(kubeconfig):
            self._config = config = usable_config(KubeConfig.from_file(str(kubeconfig)).get(context))
            timeout = httpx2.Timeout(Request.API.seconds)
            self._client: Any = Client(config=config, timeout=timeout, field_manager=MANAGER, trust_env=False)
            self._http: Any = client_adapter.Client(
                config, client_adapter.ConnectionParams(timeout=timeout, trust_env=False)
            )
        _warm_up()

    def get(self, kind: str, name: str, namespace: str = "") -> Object:
        """Return one object."""
        with translate_errors(f"get {_title(kind, name, namespace)}"):
            return dict(self._client.get(self._resource(kind), name, namespace=namespace or None))

    def find(self, kind: str, name: str, namespace: str = "") -> Object:
        """Return one object; empty if there is none."""
        try:
            return self.get(kind, name, namespace)
        except NotFound:
            return {}

    def list(self, kind: str, namespace: str = "", labels: str = "") -> list[Object]:
        """Return objects, of all namespaces without one; `labels` is a selector such as `app=web,tier`."""
        with translate_errors(f"list {_title(kind, '', namespace)} {labels}".rstrip()):
            resource = self._resource(kind)
            everywhere = ALL_NS if issubclass(resource, NamespacedResource) else None
            items = self._client.list(resource, labels=_selector(labels), namespace=namespace or everywhere)
            return [dict(item) for item in items]

    def create(self, manifest: Object) -> Object:
        """Create an object and return it as the server has it then."""
        return self._send("create", manifest)

    def replace(self, manifest: Object) -> Object:
        """Replace an object; raises Conflict if its resourceVersion is no longer the latest."""
        return self._send("replace", manifest)

    def apply(self, manifest: Object) -> Object:
        """Create an object or bring it to what the manifest says (server-side apply, ours wins)."""
        with translate_errors(f"apply {_title_of(manifest)}"):
            return dict(self._client.apply(self._resource(kind_of(manifest))(manifest), force=True))

    def patch(
        self, kind: str, name: str, namespace: str, patch: Object | Sequence[Object], *, status: bool = False
    ) -> Object:
        """Merge `patch` into an object (null removes a key); a sequence is a JSON patch.

        With `status` it is the status that changes, and nothing else does.
        """
        form = PatchType.MERGE if isinstance(patch, dict) else PatchType.JSON
        with translate_errors(f"patch {_title(kind, name, namespace)} with {json.dumps(patch)}"):
            resource = self._resource(kind).Status if status else self._resource(kind)
            return dict(self._client.patch(resource, name, patch, patch_type=form, namespace=namespace or None))

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
        """Ask for an object's deletion, with `grace` seconds to end if that is a pod; does not wait.

        With `dependents_first` it is there until its dependents, such as a DaemonSet's pods, are gone.
        """
        cascade = CascadeType.FOREGROUND if dependents_first else None
        try:
            with translate_errors(f"delete {_title(kind, name, namespace)}"):
                resource = self._resource(kind)
                self._client.delete(resource, name, grace_period=grace, cascade=cascade, namespace=namespace or None)
        except NotFound:
            if not missing_ok:
                raise

    def _send(self, verb: str, manifest: Object) -> Object:
        with translate_errors(f"{verb} {_title_of(manifest)}"):
            resource = self._resource(kind_of(manifest))
            return dict(getattr(self._client, verb)(resource(manifest)))

    def wait(self, kind: str, name: str, namespace: str = "", *, until: Until[Object], within: Within) -> Object:
        """Return the object once `until` holds of it; raises ProvisionError after `within` seconds.

        Until it exists, `until` is not asked.
        """
        what = _title(kind, name, namespace)
        return provisioned(what, lambda: self.find(kind, name, namespace), _if_exists(until), within)

    def wait_list(
        self, kind: str, namespace: str = "", labels: str = "", *, until: Until[List], what: str, within: Within
    ) -> List:
        """Return the list once `until` holds of it; raises ProvisionError naming `what` after `within` s."""
        return provisioned(what, lambda: self.list(kind, namespace, labels), until, within)

    def wait_none(self, kind: str, namespace: str = "", labels: str = "", *, within: Within) -> None:
        """Return once no object is left that has these labels; raises ProvisionError with those that are."""
        place = f" in namespace {namespace}" if namespace else ""

        def names() -> list[str]:
            return [item["metadata"]["name"] for item in self.list(kind, namespace, labels)]

        await_none(f"the end of each {kind.rpartition(' ')[2]} with {labels}{place}", names, within)

    def wait_gone(self, kind: str, name: str, namespace: str = "", *, within: Within) -> None:
        """Return once there is no such object; raises ProvisionError after `within` seconds."""
        await_none(f"the end of {_title(kind, name, namespace)}", lambda: self.find(kind, name, namespace), within)

    def watch(
        self, kind: str, namespace: str = "", labels: str = "", *, seconds: float
    ) -> Generator[tuple[str, Object]]:
        """Yield (ADDED | MODIFIED | DELETED, object), beginning with all there is, for whole `seconds`."""
        # Not lightkube's: that one never ends, and leaves its connection open when it is closed.
        path, query = api_kind(kind).path(namespace), {"labelSelector": labels}
        with translate_errors(f"watch {_title(kind, '', namespace)}"):
            now = self._http.get(path, params=query).raise_for_status().json()
            yield from (("ADDED", item) for item in now["items"])
            since = {"resourceVersion": now["metadata"]["resourceVersion"], "timeoutSeconds": str(math.ceil(seconds))}
            patience = httpx2.Timeout(Request.API.seconds, read=seconds + Request.API.seconds)
            parameters = {**query, **since, "watch": "true"}
            with self._http.stream("GET", path, params=parameters, timeout=patience) as events:
                events.raise_for_status()
                for line in events.iter_lines():
                    event = json.loads(line)
                    if event["type"] == "ERROR":
                        raise ProbeError(f"watch {_title(kind, '', namespace)}: {event['object'].get('message')}")
                    yield event["type"], event["object"]

    def exec(
        self,
        pod: str,
        namespace: str,
        argv: Sequence[str],
        container: str | None = None,
        timeout: float | None = None,
    ) -> Completed:
        """Run a command in a container; raises ProbeError if it has not ended after `timeout` seconds."""
        with translate_errors(f"exec {shlex.join(argv)} in {_title('Pod', pod, namespace)}"):
            return execute(self._config, pod, namespace, argv, container, timeout or Request.COMMAND.seconds)

    def session(
        self, pod: str, namespace: str, argv: Sequence[str], container: str
    ) -> AbstractAsyncContextManager[ExecSession]:
        """Run a command in a container, its streams held open as long as the context lasts; for an event loop."""
        return open_session(self._config, pod, namespace, argv, container)

    def logs(
        self,
        pod: str,
        namespace: str,
        lines: int | None = None,
        *,
        seconds: int | None = None,
        timestamps: bool = False,
    ) -> str:
        """Return what a pod's only container has written so far, or its last `lines`, or in the last `seconds`.

        With `timestamps` each line begins with its time.
        """
        with translate_errors(f"read the log of {_title('Pod', pod, namespace)}"):
            return "".join(
                self._client.log(pod, namespace=namespace, tail_lines=lines, since=seconds, timestamps=timestamps)
            )

    def post(
        self, path: str, body: bytes | Iterable[bytes], headers: dict[str, str], timeout: float
    ) -> tuple[int, bytes]:
        """POST to a path of the API server, such as a pod's proxy; return the status and the answer, whatever it is.

        A body that is not one piece is sent in chunks.
        """
        with translate_errors(f"POST {path}"):
            response = self._http.post(path, content=body, headers=headers, timeout=timeout)
            return response.status_code, response.content

    def fetch(self, path: str, timeout: float) -> tuple[int, bytes]:
        """GET a path of the API server, such as a pod's proxy; return the status and the answer, whatever it is."""
        with translate_errors(f"GET {path}"):
            response = self._http.get(path, timeout=timeout)
            return response.status_code, response.content

    def default_namespace(self, kind: str) -> str:
        """Return the namespace of an object of this kind that names none; empty for kinds without namespaces."""
        with translate_errors(f"look up {kind}"):
            return str(self._client.namespace) if issubclass(self._resource(kind), NamespacedResource) else ""

    @property
    def server(self) -> str:
        """The API server's address."""
        return str(self._config.cluster.server)

    def version(self) -> str:
        """Return the API server's version, such as v1.37.2."""
        with translate_errors("get /version"):
            return str(self._http.get("/version").raise_for_status().json()["gitVersion"])

    def _resource(self, kind: str) -> Any:
        """Return lightkube's class for a kind of the table, or that the API server alone knows."""
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
def _refuse_unreadable(kubeconfig: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise UsageError(f"the kubeconfig {kubeconfig} cannot be used: {type(error).__name__}: {error}") from error


def _if_exists(until: Until[Object]) -> Until[Object]:
    return wraps(until)(lambda item: bool(item) and until(item))


def _warm_up() -> None:
    """Decode each type once, here: msgspec crashes the process when threads do it for the first time at once."""
    decoders.decode_status(b'{"kind": "Status"}')
    decoders.decode_watch_event(b'{"type": "ADDED", "object": {}}')
    for class_ in CLASSES.values():
        decoders.decode_list(b'{"items": []}', class_)


def _selector(labels: str) -> dict[str, str | None] | None:
    pairs = (pair.partition("=") for pair in labels.split(",") if pair)
    return {key: value if equal else None for key, equal, value in pairs} or None


def _title(kind: str, name: str, namespace: str) -> str:
    place = f" in namespace {namespace}" if namespace else ""
    return f"{kind.rpartition(' ')[2]} {name}{place}"


def _title_of(manifest: Object) -> str:
    metadata = manifest["metadata"]
    return _title(manifest["kind"], metadata.get("name", ""), metadata.get("namespace", ""))

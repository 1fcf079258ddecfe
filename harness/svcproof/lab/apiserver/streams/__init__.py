"""pods/exec, attach, log and portforward: passed on to the kubelet of the pod's node.

https://kubernetes.io/docs/concepts/architecture/control-plane-node-communication/#api-server-to-kubelet
"""

from aiohttp import web
from yarl import URL

from svcproof.json_objects import Object
from svcproof.lab.apiserver.errors import bad_request, not_found
from svcproof.lab.apiserver.resources import known
from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.streams.proxy import get, tunnel

POD = "/api/v1/namespaces/{namespace}/pods/{pod}"
LOG_OPTIONS = ("follow", "previous", "timestamps", "sinceSeconds", "sinceTime", "tailLines", "limitBytes")
STREAMS = {"stdin": "input", "stdout": "output", "stderr": "error", "tty": "tty"}
"""The names of streams in the API and in the kubelet's API."""


def routes(store: Store) -> list[web.RouteDef]:
    """The routes of these subresources; they have to come before those of the pods themselves."""
    kubelets = Kubelets(store)

    async def log(request: web.Request) -> web.StreamResponse:
        return await get(request, kubelets.log(request))

    async def execute(request: web.Request) -> web.StreamResponse:
        return await tunnel(request, kubelets.session(request, "exec"))

    async def attach(request: web.Request) -> web.StreamResponse:
        return await tunnel(request, kubelets.session(request, "attach"))

    async def port_forward(request: web.Request) -> web.StreamResponse:
        return await tunnel(request, kubelets.port_forward(request))

    return [
        web.get(f"{POD}/log", log),
        *(web.route(method, f"{POD}/exec", execute) for method in ("GET", "POST")),
        *(web.route(method, f"{POD}/attach", attach) for method in ("GET", "POST")),
        *(web.route(method, f"{POD}/portforward", port_forward) for method in ("GET", "POST")),
    ]


class Kubelets:
    """Finds pods, their containers and their nodes in the store; every method raises ApiError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def log(self, request: web.Request) -> URL:
        """Return the URL of a container's log."""
        pod = self._pod(request)
        options = {name: request.query[name] for name in LOG_OPTIONS if name in request.query}
        return (self._node(pod) / "containerLogs" / _path(pod) / _container(pod, request)).with_query(options)

    def session(self, request: web.Request, kind: str) -> URL:
        """Return the URL that runs a command (`exec`), or joins the container's own streams (`attach`)."""
        pod = self._pod(request)
        query = [("command", word) for word in request.query.getall("command", ())]
        query += [(STREAMS[name], "1") for name in STREAMS if request.query.get(name) in ("true", "1")]
        return (self._node(pod) / kind / _path(pod) / _container(pod, request)).with_query(query)

    def port_forward(self, request: web.Request) -> URL:
        """Return the URL for connections to ports of the pod."""
        pod = self._pod(request)
        ports = [("port", port) for port in request.query.getall("ports", ())]
        return (self._node(pod) / "portForward" / _path(pod)).with_query(ports)

    def _pod(self, request: web.Request) -> Object:
        namespace, name = request.match_info["namespace"], request.match_info["pod"]
        pod = self._store.get("pods", (namespace, name))
        if pod is None:
            raise not_found(known("", "pods"), name)
        return pod

    def _node(self, pod: Object) -> URL:
        name = pod["spec"].get("nodeName")
        if not name:
            raise bad_request(f"pod {pod['metadata']['name']} does not have a host assigned")
        node = self._store.get("nodes", ("", name))
        status = node.get("status", {}) if node else {}
        address = next(
            (address["address"] for address in status.get("addresses", ()) if address["type"] == "InternalIP"), None
        )
        if address is None:
            raise bad_request(f"no address is known for node {name}: its kubelet has not registered it")
        port = status.get("daemonEndpoints", {}).get("kubeletEndpoint", {}).get("Port", 10250)
        return URL.build(scheme="https", host=address, port=port)


def _path(pod: Object) -> str:
    return f"{pod['metadata']['namespace']}/{pod['metadata']['name']}"


def _container(pod: Object, request: web.Request) -> str:
    """The name of the requested container, or of the only one."""
    name, spec = pod["metadata"]["name"], pod["spec"]
    names = [container["name"] for container in spec["containers"]]
    init = [container["name"] for container in spec.get("initContainers") or ()]
    requested: str = request.query.get("container", "")
    if not requested and len(names) == 1:
        return str(names[0])
    if not requested:
        others = f" or one of the init containers: [{' '.join(init)}]" if init else ""
        raise bad_request(
            f"a container name must be specified for pod {name}, choose one of: [{' '.join(names)}]{others}"
        )
    ephemeral = [container["name"] for container in spec.get("ephemeralContainers") or ()]
    if requested not in (*names, *init, *ephemeral):
        raise bad_request(f"container {requested} is not valid for pod {name}")
    return requested

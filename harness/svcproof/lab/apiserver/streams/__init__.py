"""pods/exec, attach, log and portforward: passed on to the kubelet of the pod's node.

https://kubernetes.io/docs/concepts/architecture/control-plane-node-communication/#api-server-to-kubelet
"""

from aiohttp import web

from svcproof.lab.apiserver.store import Store
from svcproof.lab.apiserver.streams.proxy import get, tunnel
from svcproof.lab.apiserver.streams.target import Kubelets

POD = "/api/v1/namespaces/{namespace}/pods/{pod}"


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

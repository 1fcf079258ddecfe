"""The way in to an agent in a pod through the API server's pod proxy."""

from dataclasses import dataclass, field
from typing import Protocol

from harness.agent.channels import SECRET
from harness.errors import ProbeError


class Posts(Protocol):
    """An API server that a request can be posted through."""

    def post(self, path: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, bytes]:
        """POST to a path of the API server; return the status and what was answered. Raises ProbeError."""


@dataclass(frozen=True, slots=True)
class ProxiedChannel:
    """Reaches an agent that listens on `tcp:<port>` in a pod; safe to use from several threads at once.

    https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls
    """

    api: Posts
    namespace: str
    pod: str
    port: int
    secret: str = field(repr=False)

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` and return what is answered with status 200; raises ProbeError."""
        where = f"/api/v1/namespaces/{self.namespace}/pods/{self.pod}:{self.port}/proxy{path}"
        status, answer = self.api.post(where, body, {SECRET: self.secret}, timeout)
        if status != 200:
            said = answer.decode(errors="replace")[:300]
            raise ProbeError(f"the agent in pod {self.pod} could not be asked {path}: status {status}: {said}")
        return answer

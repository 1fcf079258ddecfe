"""The way in to an agent in a pod through the API server's pod proxy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from svcproof.agent.channels import SECRET
from svcproof.errors import ProbeError

Post = Callable[[str, Iterable[bytes], dict[str, str], float], tuple[int, bytes]]
"""Posts to a path of an API server, and returns the status and what was answered; raises ProbeError."""


@dataclass(frozen=True, slots=True)
class ProxiedChannel:
    """Reaches an agent that listens on `tcp:<port>` in a pod; safe to use from several threads at once.

    https://kubernetes.io/docs/tasks/access-application-cluster/access-cluster-services/#manually-constructing-apiserver-proxy-urls
    """

    post: Post
    namespace: str
    pod: str
    port: int
    secret: str = field(repr=False)

    def ask(self, path: str, body: bytes, timeout: float) -> bytes:
        """POST `body` and return what is answered with status 200; raises ProbeError."""
        where = f"/api/v1/namespaces/{self.namespace}/pods/{self.pod}:{self.port}/proxy{path}"
        # In chunks: an API server that has passed on all of a body of known length still looks for its end, and where
        # the agent's answer overtakes that, it is cut off (https://github.com/golang/go/issues/40747). The last chunk,
        # which the agent waits for, is passed on after that.
        status, answer = self.post(where, (body,), {SECRET: self.secret}, timeout)
        if status != 200:
            words = answer.decode(errors="replace")[:300]
            raise ProbeError(f"the agent in pod {self.pod} could not be asked {path}: status {status}: {words}")
        return answer

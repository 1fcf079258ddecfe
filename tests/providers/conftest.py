import pytest

from svcproof import declare
from svcproof.model.cluster_spec import ClusterSpec
from svcproof.model.proxy_spec import Install, Program, ProxySpec, Ready


@pytest.fixture(scope="session")
def spec() -> ClusterSpec:
    """A lab of one node."""
    return declare.cluster("lab-single-node")


def proxy(*command: str, http: str = "http://127.0.0.1:10256/", within: float = 20, **program: object) -> ProxySpec:
    """A proxy of a test's own."""
    return ProxySpec(
        name="mine",
        install=Install(program=Program.model_validate({"command": command, **program})),
        ready=Ready(http=http, within=within),
    )

"""The same in a user namespace, where one user id is mapped and nothing of the machine is ours."""

import pytest

from svcproof.lab.process.requirements import namespaces
from tests.lab.kubelet.conftest import mini_lab, shell

pytestmark = pytest.mark.lab

ROOTLESS = ("unshare", "--user", "--map-root-user", *(word for word in namespaces()[1:] if "user" not in word))


def test_pods_live_in_a_user_namespace():
    probe = {"tcpSocket": {"port": 80}, "periodSeconds": 1}
    with mini_lab(within=ROOTLESS) as lab:
        web = lab.pod({"name": "c", "image": "nginx", "readinessProbe": probe})
        web.until_ready()

        mount = {"volumeMounts": [{"name": "v", "mountPath": "/not/there"}]}
        client = lab.pod(
            shell("id -u; touch /not/there/x && ls /not/there", **mount),
            restartPolicy="Never",
            volumes=[{"name": "v", "emptyDir": {}}],
        )

        assert client.says() == "0\nx\n"
        assert lab.kubectl("exec", web.name, "--", "hostname").stdout == f"{web.name}\n"

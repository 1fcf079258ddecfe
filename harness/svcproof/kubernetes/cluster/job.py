"""The harness itself in a cluster: as a Job, and as a plugin of Sonobuoy. Pure functions."""

import shlex
from collections.abc import Sequence

from svcproof.exit_code import ExitCode
from svcproof.json_objects import Object
from svcproof.kubernetes.cluster.api_cluster import RESTRICTED
from svcproof.kubernetes.cluster.rbac import NAME
from svcproof.limits import Provision

IMAGE = "svcproof:latest"
"""Made by the user: any with svcproof installed in it."""
RESULTS = "/results"
SONOBUOY_RESULTS = "/tmp/sonobuoy/results"
RUN = """\
svcproof run {options} --results {results}/run & run=$!
trap 'kill -TERM $run' TERM
wait $run; code=$?
while kill -0 $run 2>/dev/null; do wait $run; code=$?; done
{then}
exit $code
"""
"""A shell as the first process of a container passes no signal on by itself."""


def job(namespace: str, image: str, options: Sequence[str], claim: str) -> Object:
    """A Job that makes one run and leaves its files in a ConfigMap, or in the PersistentVolumeClaim `claim`."""
    program = "python3 -m svcproof.kubernetes.cluster.job_results"
    keep = "" if claim else f"{program} {RESULTS}/run {NAME}-results || code={ExitCode.UNDECIDED}"
    volume = {"persistentVolumeClaim": {"claimName": claim}} if claim else {"emptyDir": {}}
    container = _container(image, script(options, RESULTS, keep)) | {
        "securityContext": RESTRICTED,
        "volumeMounts": [{"name": "results", "mountPath": RESULTS}],
    }
    pod = {
        "serviceAccountName": NAME,
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": int(Provision.RUN_CLEARED_UP.seconds),
        "securityContext": {"fsGroup": RESTRICTED["runAsUser"]},
        "containers": [container],
        "volumes": [{"name": "results", **volume}],
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": NAME, "namespace": namespace},
        "spec": {"backoffLimit": 0, "template": {"spec": pod}},
    }


def sonobuoy_plugin(image: str, options: Sequence[str]) -> Object:
    """A plugin definition; Sonobuoy takes the archive named in `done`, unpacks it, and reads its JUnit report.

    It has all that the run has left. There is one in any case, or Sonobuoy would wait for it until its own time is up.
    https://sonobuoy.io/docs/main/plugins/
    """
    archive = f"{SONOBUOY_RESULTS}/{NAME}.tar.gz"
    done = f"""\
mkdir -p {SONOBUOY_RESULTS}/run
(cd {SONOBUOY_RESULTS} && python3 -m tarfile -c {archive} run) || code={ExitCode.UNDECIDED}
printf %s {archive} > {SONOBUOY_RESULTS}/done"""
    config = {"driver": "Job", "plugin-name": NAME, "result-format": "junit", "result-files": ["junit.xml"]}
    return {
        "sonobuoy-config": config,
        "spec": _container(image, script(options, SONOBUOY_RESULTS, done))
        | {"name": "plugin", "volumeMounts": [{"name": "results", "mountPath": SONOBUOY_RESULTS}]},
    }


def script(options: Sequence[str], results: str, then: str) -> str:
    """The script of the container: the run, which is passed the signal to end, and then something more."""
    return RUN.format(options=shlex.join(["--cluster=kubeconfig", *options]), results=results, then=then)


def _container(image: str, text: str) -> Object:
    """A container that runs the harness; sample pods get the same image, which has a Python, unless told otherwise."""
    variables = {"HOME": "/tmp", "SVCPROOF_IMAGE": image}
    return {
        "name": NAME,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "command": ["/bin/sh", "-c", text],
        "env": [{"name": name, "value": value} for name, value in variables.items()],
    }

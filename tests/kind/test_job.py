"""The harness as a Job in a cluster that somebody else made."""

import base64
import gzip
import secrets
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from svcproof.json_objects import Object
from svcproof.kubernetes.api import Kube
from svcproof.kubernetes.kind import images, tools
from svcproof.model.fact import Finding
from svcproof.report import files, runfile
from svcproof.wait import provisioned
from tests.kind.conftest import Run

ROOT = Path(__file__).parents[2]
WITHIN = 240.0
SHELF = """\
FROM {image}
COPY site /opt/svcproof
COPY svcproof /usr/local/bin/svcproof
ENV PYTHONPATH=/opt/svcproof
"""
PROGRAM = """\
#!/bin/sh
exec python3 -c 'from svcproof.cli import main; main(prog_name="svcproof")' "$@"
"""
pytestmark = [pytest.mark.kind, pytest.mark.timeout(600), pytest.mark.xdist_group("kind")]


@pytest.fixture
def image(agent_image: str, tmp_path: Path) -> Iterator[str]:
    """An image with this svcproof in it, as a user would make one."""
    engine = tools.find().engine
    version = engine.run(
        "run", "--rm", agent_image, "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])"
    )
    install(version.strip(), tmp_path / "site")
    (tmp_path / "Dockerfile").write_text(SHELF.format(image=agent_image))
    (tmp_path / "svcproof").write_text(PROGRAM)
    (tmp_path / "svcproof").chmod(0o755)
    name = f"svcproof-test:{secrets.token_hex(3)}"
    engine.run("build", "--tag", name, str(tmp_path))
    yield name
    engine.run("rmi", name)


def install(python: str, site: Path) -> None:
    """Install what a run needs, for this version of Python, into a folder."""
    venv.create(site.with_name("pip"), with_pip=True)
    pip = (site.with_name("pip") / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
    wheels = site.with_name("wheels")
    build = (sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels)
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    into = ("--target", site, "--python-version", python, "--only-binary", ":all:", "--upgrade")
    subprocess.run((*pip, "install", *into, "--require-hashes", "-r", ROOT / "requirements/run.txt"), check=True)
    subprocess.run((*pip, "install", *into, "--no-deps", *wheels.glob("*.whl")), check=True)


@pytest.fixture
def ended(foreign_kubeconfig: Path, svcproof: Run, image: str, tmp_path: Path) -> Iterator[Object]:
    """The ConfigMap that the Job left."""
    found = tools.find()
    cluster = yaml.safe_load(foreign_kubeconfig.read_text())["current-context"].removeprefix("kind-")
    images.load(found, cluster, found.nodes(cluster), (image,), tmp_path, print)
    printed = svcproof("job", "--image", image, "--", "--area", "environment", "--area", "dns")
    objects = list(yaml.safe_load_all(printed.stdout))
    namespace = objects[-1]["metadata"]["namespace"]
    with closing(Kube(foreign_kubeconfig)) as kube:
        for one in objects:
            kube.apply(one)
        try:
            provisioned("the end of the Job", lambda: kube.get("batch/v1 Job", "svcproof", namespace), over, WITHIN)
            yield kube.get("ConfigMap", "svcproof-results", namespace)
        finally:
            for one in objects:
                where = one["metadata"].get("namespace", "")
                kube.delete(f"{one['apiVersion']} {one['kind']}", one["metadata"]["name"], where)
            for one in objects:
                if one["kind"] == "Namespace":
                    kube.wait_gone("Namespace", one["metadata"]["name"], within=60)


def over(job: Object) -> bool:
    """It has succeeded, or failed."""
    return any(job.get("status", {}).get(state) for state in ("succeeded", "failed"))


def test_a_job_makes_a_run_and_leaves_its_results(ended: Object, tmp_path: Path) -> None:
    run = tmp_path / "run.jsonl"
    run.write_bytes(gzip.decompress(base64.b64decode(ended["binaryData"]["run.jsonl.gz"])))
    shown = runfile.load(run)

    assert {name.removesuffix(".gz") for name in ended["binaryData"]} == {runfile.NAME, *files.FILES}
    assert len(shown.facts) > 20
    assert {fact.finding for fact in shown.facts} <= {Finding.CONFIRMED, Finding.UNTESTABLE}, shown.facts

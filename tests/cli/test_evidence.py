"""The evidence of checks that fail in a lab, made by two processes of one run."""

import hashlib
import json
import struct
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = [pytest.mark.lab, pytest.mark.programs]

SUITE = """
from svcproof import *
from svcproof.wait.predicates import refused

clause = dict(spec="https://example.org/clause", level=MUST, by=PROXY)


@behaviour(**clause)
def test_first(echo, client):
    '''A thing holds.'''
    service = echo.service("first-one", metadata={"annotations": {"example.org/token": "hunter2"}})
    eventually(lambda: client.tcp(service.at_cluster_ip()), refused, within=1)


@behaviour(**clause)
def test_second(echo, client, workbench):
    '''Another thing holds.'''
    service = echo.service("second-one")
    eventually(lambda: client.tcp(service.at_cluster_ip()), refused, within=1)
"""
PROXY = """
install:
  program:
    command:
      - sh
      - -c
      - >-
        echo "\\e[31m]]> <script>"; echo Authorization: Bearer hunter2hunter2;
        exec {python} -m svcproof.reference_proxy --kubeconfig {kubeconfig} --node {node}
evidence: {commands: ["sh -c 'echo state of {node} --token=hunter2'"]}
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "mine.yaml").write_text(PROXY)
    options = ("--suite", "test_suite.py", "--proxy", "./mine.yaml", "--workers", "2", "--results", "results")
    ended = subprocess.run(
        (sys.executable, "-m", "svcproof", "run", *options), cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    (folder / "results" / "output").write_text(ended.stdout)
    return folder / "results"


def kept(results: Path, behaviour: str) -> dict[str, str]:
    """The texts of a behaviour's files by their names' ends."""
    return {
        path.name.removeprefix(f"{behaviour}."): path.read_text(errors="replace")
        for path in (results / "evidence").glob(f"{behaviour}.*")
    }


@pytest.mark.parametrize(
    ("behaviour", "service", "other"), [("first", "first-one", "second-one"), ("second", "second-one", "first-one")]
)
def test_evidence_is_of_its_own_check(results: Path, behaviour: str, service: str, other: str) -> None:
    files = kept(results, behaviour)

    assert {"diff", "rules", "conntrack", "yaml", "pcap", "node-a.before.rules", "node-a.rules"} <= files.keys()
    assert {"node-a.proxy.log", "node-c.proxy.log", "node-a.commands"} <= files.keys()
    assert f"/{service}/tcp/80" in files["rules"]
    assert "+ ip service-proxy" in files["diff"]
    assert "dport=80" in files["conntrack"]
    assert service in {item["metadata"]["name"] for item in yaml.safe_load_all(files["yaml"])}
    assert [name for name, text in files.items() if other in text] == []


def test_secrets_are_in_none_of_it(results: Path) -> None:
    assert [path for path in (results / "evidence").iterdir() if b"hunter2" in path.read_bytes()] == []
    service, *_ = yaml.safe_load_all(kept(results, "first")["yaml"])
    assert service["metadata"]["annotations"] == {"example.org/token": "[removed]"}
    assert "state of node-a --token=[removed]" in kept(results, "first")["node-a.commands"]


def test_facts_refer_to_files_by_their_digests(results: Path) -> None:
    lines = [json.loads(line) for line in (results / "run.jsonl").read_text().splitlines()]
    files = [file for line in lines if line["kind"] == "fact" for file in line["evidence"]["files"]]

    assert {file["name"] for file in files} == {path.name for path in (results / "evidence").iterdir()}
    for file in files:
        content = (results / "evidence" / file["name"]).read_bytes()
        assert (file["size"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_packets_are_of_the_client_and_of_a_backend(results: Path) -> None:
    content = (results / "evidence" / "first.pcap").read_bytes()
    position, places = 24, set()
    while position < len(content):
        length = struct.unpack_from("<I", content, position + 8)[0]
        places.add(struct.unpack_from("!I", content, position + 16 + 4)[0])
        position += 16 + length

    assert 1 in places
    assert len(places) > 1


def test_the_terminal_and_junit_name_the_files(results: Path) -> None:
    output = (results / "output").read_text()

    assert "evidence: evidence/first.{" in output
    assert "rules of svcproof-" in output
    assert "evidence/first.{" in (results / "junit.xml").read_text()

"""`svcproof doctor` and `svcproof schema`."""

import json
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from svcproof import binaries
from svcproof.cli import doctor, main
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind import engine, kind_program
from svcproof.kubernetes.kind.engine import Engine
from svcproof.kubernetes.kind.kind_program import KindProgram
from svcproof.lab.process import requirements
from svcproof.lab.process.requirements import Lack
from svcproof.ledger import scratch


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has everything."""
    monkeypatch.setattr(doctor, "INSTANCES", tmp_path / "max_user_instances")
    doctor.INSTANCES.write_text("512\n")
    monkeypatch.setattr(requirements, "missing", lambda: ())
    monkeypatch.setattr(binaries, "way_to_build", lambda: "/usr/bin/go")
    monkeypatch.setattr(engine, "find", lambda: Engine("docker"))
    monkeypatch.setattr(kind_program, "find", lambda: KindProgram(Path("/usr/bin/kind"), (0, 33, 0)))


@pytest.mark.usefixtures("sound")
def test_a_machine_with_everything_is_well() -> None:
    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 0
    assert all(line.startswith("ok  ") for line in ran.output.splitlines())


@pytest.mark.usefixtures("sound")
def test_what_a_lab_lacks_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    lack = Lack("nft not found", "sudo apt-get install -y nftables")
    monkeypatch.setattr(requirements, "missing", lambda: (lack,))

    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 3
    assert "no  nft not found" in ran.output
    assert "remedy: sudo apt-get install -y nftables" in ran.output


@pytest.mark.usefixtures("sound")
def test_a_directory_for_labs_that_others_could_write_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    scratch.base().mkdir()
    scratch.base().chmod(0o777)

    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 3
    assert f"no  {scratch.base()} can be written by other users" in ran.output
    assert "set TMPDIR to a directory of your own\n    cannot run: any check in a lab" in ran.output


@pytest.mark.usefixtures("sound")
def test_a_component_that_cannot_be_had_stops_the_proxies_that_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "look", lambda name: None)
    monkeypatch.setattr(binaries, "way_to_build", lambda: "")

    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 3
    assert "cannot run: checks against kube-proxy-iptables, kube-proxy-nftables" in ran.output


@pytest.mark.usefixtures("sound")
def test_a_component_that_can_be_built_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "look", lambda name: None)

    assert [one.stops for one in doctor.components()] == [""]


@pytest.mark.usefixtures("sound")
def test_a_machine_without_docker_is_told_so_and_well_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_engine() -> Engine:
        raise ProvisionError("no container engine: install Docker")

    monkeypatch.setattr(engine, "find", no_engine)

    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 0
    assert "no  no container engine: install Docker\n    cannot run: any check on --cluster kind" in ran.output


@pytest.mark.usefixtures("sound")
def test_a_kind_too_old_for_current_kubernetes_is_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind_program, "find", lambda: KindProgram(Path("/usr/bin/kind"), (0, 27, 0)))

    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 0
    assert "ok  kind v0.27.0: /usr/bin/kind\n    remedy: Kubernetes v1.36 needs kind v0.32.0 or newer" in ran.output


@pytest.mark.usefixtures("sound")
def test_a_kernel_that_lets_few_nodes_run_is_told_with_the_remedy() -> None:
    doctor.INSTANCES.write_text("128\n")

    ran = CliRunner().invoke(main, ["doctor"])

    assert ran.exit_code == 0
    assert "ok  fs.inotify.max_user_instances is 128, for about 3 nodes of kind" in ran.output
    assert "as root, sysctl fs.inotify.max_user_instances=512" in ran.output


@pytest.mark.parametrize(
    ("kind", "title"),
    [("cluster", "ClusterSpec"), ("proxy", "ProxySpec"), ("run", "A line of a run file of svcproof, format 2")],
)
def test_a_schema_is_printed_as_json(kind: str, title: str) -> None:
    ran = CliRunner().invoke(main, ["schema", kind])

    assert ran.exit_code == 0
    assert json.loads(ran.output)["title"] == title


def test_an_unknown_kind_of_declaration_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["schema", "proxi"]).exit_code == 4


def test_there_is_a_page_of_the_run_file_alone() -> None:
    assert CliRunner().invoke(main, ["schema", "run", "--markdown"]).output.startswith("# The run file\n")
    assert CliRunner().invoke(main, ["schema", "proxy", "--markdown"]).exit_code == 4

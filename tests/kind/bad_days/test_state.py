"""What is kept on this machine: where it cannot be, and how it is removed."""

import signal
import time
from pathlib import Path

import pytest

from svcproof.interrupts import SAME
from svcproof.wait import provisioned
from tests.kind.bad_days.conftest import CLUSTER, SOUND_DOCKER, SOUND_KIND, Begin, Said, Stand, told

pytestmark = pytest.mark.programs


def test_state_that_cannot_be_kept(run: Said, svcproof: Said, stand: Stand, tmp_path: Path) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)
    (tmp_path / "state").write_text("a file")

    told(run(), "cannot write the note of what the run makes", "Not a directory", "set XDG_STATE_HOME")
    told(svcproof("kind", "up", "--cluster", str(tmp_path / "mine.yaml")), "set XDG_STATE_HOME")
    told(svcproof("clean"), "nothing was left behind", code=0)


@pytest.mark.parametrize(
    ("place", "words"),
    [("taken/deeper", ("cannot make", "choose another --results")), ("taken", ("--results", "is a file"))],
)
def test_results_that_cannot_be_kept(
    run: Said, stand: Stand, tmp_path: Path, place: str, words: tuple[str, ...]
) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)
    (tmp_path / "taken").write_text("a file")

    told(run(CLUSTER, "--results", place), place, *words, code=4)


def test_a_cluster_of_another_provider_is_not_kept(svcproof: Said) -> None:
    told(svcproof("kind", "up", "--cluster", "lab"), "cluster lab is not made by kind but of provider lab", code=4)


def test_the_logs_of_a_run_that_is_over_are_kept_until_clean(svcproof: Said, tmp_path: Path) -> None:
    logs = tmp_path / "state" / "svcproof" / "logs" / "svcproof-mine-abcdef"
    logs.mkdir(parents=True)
    (logs / "kubelet.log").write_text("why")

    told(svcproof("clean", "--dry-run"), f"would remove the logs of nodes that did not come up, {logs}", code=0)
    told(svcproof("clean"), f"removed the logs of nodes that did not come up, {logs}", code=0)
    told(svcproof("clean"), "nothing was left behind", code=0)


def test_a_note_that_was_lost_when_the_machine_went_down_is_no_obstacle(
    svcproof: Said, stand: Stand, tmp_path: Path
) -> None:
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND)
    note = tmp_path / "state" / "svcproof" / "runs" / "kind-abcdef"
    note.mkdir(parents=True)
    (note / "run.json").write_text("")

    told(svcproof("clean"), f"removed the note of a run that had not begun to make a cluster, {note}", code=0)
    assert not note.exists()


def test_who_interrupts_again_is_told_how_the_rest_is_removed(
    begin: Begin, svcproof: Said, stand: Stand, tmp_path: Path
) -> None:
    once = {step: tmp_path / step for step in ("create", "delete")}
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND | {step: f"echo > {file}; sleep 60" for step, file in once.items()})
    (tmp_path / "mine.yaml").write_text(CLUSTER)

    with begin("kind", "up", "--cluster", "mine.yaml") as process:
        for file in once.values():
            provisioned(f"the beginning of {file}", file.exists, bool, 30)
            time.sleep(SAME)  # Sooner, it would be the same interrupt again.
            process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=30)

    assert process.returncode == 2, said
    assert "removing the cluster svcproof-mine" in said
    assert "svcproof clean removes what is left" in said
    stand("kind", SOUND_KIND)
    told(svcproof("clean"), "removed the cluster svcproof-mine", code=0)


def test_a_cluster_that_was_half_made_when_its_maker_was_killed_is_known_for_ours(
    begin: Begin, svcproof: Said, stand: Stand, tmp_path: Path
) -> None:
    there, begun = tmp_path / "there", tmp_path / "begun"
    there.touch()
    half_made = SOUND_KIND | {"get clusters": f"cat {there}", "delete": f": > {there}"}
    stand("docker", SOUND_DOCKER)
    stand("kind", half_made | {"create": f"echo svcproof-mine > {there}; : > {begun}; sleep 60"})
    (tmp_path / "mine.yaml").write_text(CLUSTER)
    up = ("kind", "up", "--cluster", "mine.yaml")
    with begin(*up) as process:
        provisioned("the beginning of the cluster", begun.exists, bool, 30)
        told(svcproof("kind", "list"), "svcproof-mine  0 nodes, in use", code=0)
        told(svcproof("kind", "down", "mine"), f"the cluster svcproof-mine is in use by process {process.pid}")
        process.kill()

    told(svcproof("kind", "list"), "svcproof-mine  0 nodes, left by a run that was killed", code=0)
    stand("kind", half_made | {"create": "echo it got as far as this; exit 1"})
    told(svcproof(*up), "cleaning up the cluster svcproof-mine", "it got as far as this")
    told(svcproof("clean"), "nothing was left behind", code=0)


def test_a_cluster_that_another_run_has_made_since_is_left_alone(
    begin: Begin, svcproof: Said, stand: Stand, tmp_path: Path
) -> None:
    begun, deleted = tmp_path / "begun", tmp_path / "deleted"
    node = "svcproof-mine-control-plane"
    of_another = """printf '%s\\n' 'node-labels: "svcproof.dev/declaration=0a,svcproof.dev/made-by-run=0123ab"'"""
    stand("docker", SOUND_DOCKER)
    stand("kind", SOUND_KIND | {"create": f": > {begun}; sleep 60", "delete": f": > {deleted}"})
    (tmp_path / "mine.yaml").write_text(CLUSTER)
    with begin("kind", "up", "--cluster", "mine.yaml") as process:
        provisioned("the beginning of the cluster", begun.exists, bool, 30)
        process.kill()
    nodes = "ps --all --format {{.Names}} --filter label=io.x-k8s.kind.cluster=svcproof-mine"
    stand("docker", SOUND_DOCKER | {nodes: f"echo {node}", "cp": of_another})

    told(svcproof("clean"), "the cluster svcproof-mine has been made by another run, 0123ab, and is left alone")
    assert not deleted.exists()

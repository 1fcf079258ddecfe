"""How far a run is, read from a run file that grows."""

from pathlib import Path

from svcproof.combinations.run_progress import Checks, Following
from svcproof.model.fact import Finding
from svcproof.report import runfile
from tests.combinations.conftest import finished_run

WORDS = {"--cluster": "lab", "--proxy": "reference"}


def test_checks_are_counted_as_they_come(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    runfile.store(finished_run(WORDS, Finding.REFUTED), whole)
    lines = (whole / "run.jsonl").read_bytes().splitlines(keepends=True)
    growing = tmp_path / "growing"
    growing.mkdir()
    following = Following(growing)

    looks = [following.look()]
    with (growing / "run.jsonl").open("ab", buffering=0) as file:
        for line in lines:
            file.write(line[:5])
            looks.append(following.look())
            file.write(line[5:])
            looks.append(following.look())

    assert looks[0] == Checks()
    assert Checks(0, 1, 0) in looks
    assert looks[-1] == Checks(1, 1, 1)
    assert [look.done for look in looks] == sorted(look.done for look in looks)

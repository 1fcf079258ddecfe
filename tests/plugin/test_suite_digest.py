"""The digest of the suite, in the head of a run: which behaviours were selected, and which code shows them."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof.declare.places import suites_dir

RunSuite = Callable[..., tuple[int, list[dict[str, object]]]]
CHECKS = """
from helper import answer

@behaviour(level=MUST, **claim)
def test_first(probe):
    \"\"\"Holds.\"\"\"
    probe()
    assert answer() == 1

@behaviour(level=MUST, **claim)
def test_second(probe):
    \"\"\"Holds.\"\"\"
    import late
    probe()
    assert late
"""
HELPERS = {"helper": "from deeper import one\ndef answer(): return one", "deeper": "one = 1", "late": "", "unused": ""}


@pytest.fixture
def digest(run_suite: RunSuite, pytester: pytest.Pytester) -> Callable[..., object]:
    """Run the checks with these options and helpers; returns the digest of the suite."""
    pytester.syspathinsert()

    def run(*options: str, **changed: str) -> object:
        for name in HELPERS:
            sys.modules.pop(name, None)
        pytester.makepyfile(**HELPERS | changed)
        code, lines = run_suite(changed.get("checks", CHECKS), *options)
        assert code == 0
        return lines[0]["suite"]

    return run


def test_it_is_the_same_each_time_for_each_shard_and_with_workers(digest: Callable[..., object]) -> None:
    whole = digest()

    assert len(str(whole)) == 64
    assert {digest("--svcproof-shard", "1/2"), digest("--svcproof-shard", "2/2"), digest("-n", "1")} == {whole}


@pytest.mark.parametrize("name", ["helper", "deeper", "late"])
def test_it_changes_with_each_module_of_the_suite_that_is_imported(digest: Callable[..., object], name: str) -> None:
    whole = digest()

    assert digest(**{name: HELPERS[name] + "\n# changed"}) != whole


def test_it_changes_with_what_is_selected_and_with_the_file_itself(digest: Callable[..., object]) -> None:
    whole = digest()

    assert digest("-k", "first") != whole
    assert digest(checks=CHECKS + "# changed") != whole


def test_it_does_not_change_with_what_is_not_imported(digest: Callable[..., object]) -> None:
    whole = digest()

    assert digest(unused="# changed") == whole


def test_it_changes_with_the_conftest_of_the_suite(digest: Callable[..., object], pytester: pytest.Pytester) -> None:
    whole = digest()
    conftest = pytester.path / "conftest.py"
    conftest.write_text(conftest.read_text() + "# changed\n")

    assert digest() != whole


@pytest.mark.programs
def test_modules_that_the_built_in_suites_import_relatively_are_part_of_it(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(
        files="""
        def pytest_collection_finish(session):
            from svcproof.plugin import suite_digest
            checks = session.config.stash[suite_digest.SELECTION]
            print("FILES", *sorted(map(str, suite_digest._files(session.config, checks))))
        """
    )
    monkeypatch.setenv("PYTHONPATH", str(pytester.path), prepend=":")
    words = ("-p", "files", "--collect-only", "-s", "--import-mode=importlib", "--svcproof-area=load_balancer")

    ran = pytester.runpytest_subprocess(*words, f"--rootdir={suites_dir().parent}", str(suites_dir()))

    (files,) = [line.partition("FILES ")[2].split() for line in ran.outlines if "FILES " in line]
    names = {str(Path(file).relative_to(suites_dir())) for file in files if Path(file).is_relative_to(suites_dir())}
    assert {"clauses.py", "load_balancer/sharing.py", "load_balancer/test_status.py"} <= names
    assert not {name for name in names if name.startswith("dns")}

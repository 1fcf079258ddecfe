"""No record keeps `svcproof clean` from going on, and none is believed that another user could have written."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svcproof import ledger
from svcproof.errors import ProvisionError
from svcproof.kubernetes.cluster import cleanup as cluster_cleanup
from svcproof.kubernetes.kind import cleanup as kind_cleanup
from svcproof.ledger import Entry, Fate, LeftAlone

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["cluster", "kept", "metallb", "server", "namespaces", "proxy", "agent", "sockets", "pid"])
FACTS = st.dictionaries(NAMES, JSON, max_size=4)
RECORD = st.one_of(
    st.binary(max_size=200),
    JSON.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries({"owner": JSON, "facts": JSON | FACTS}).map(lambda value: json.dumps(value).encode()),
)


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "svcproof" / "runs"


def noted(runs: Path, name: str, record: bytes) -> Path:
    directory = runs / name
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    (directory / "run.json").write_bytes(record)
    return directory


def ended(**changed: object) -> dict[str, object]:
    """The identity of a process that has ended."""
    ours = ledger.identity(os.getpid())
    assert ours is not None
    return {**ours, "started": "1", **changed}


@given(record=RECORD, provider=st.sampled_from(["kind", "kubeconfig"]))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_record_holds_it_is_judged(runs: Path, record: bytes, provider: str) -> None:
    noted(runs, f"{provider}-abcdef", record)

    found = kind_cleanup.find_killed_runs() if provider == "kind" else cluster_cleanup.find_killed_runs()

    assert len(found) <= 1
    assert "abcdef" in "".join(map(str, found)) or not found
    assert ledger.alive() <= {"abcdef"}


@given(facts=FACTS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_killed_run_has_noted_clean_knows_what_to_do_with_it(runs: Path, facts: dict[str, object]) -> None:
    for provider in ("kind", "kubeconfig"):
        noted(runs, f"{provider}-abcdef", json.dumps({"owner": ended(), "facts": facts}).encode())

    (of_kind,), (of_cluster,) = kind_cleanup.find_killed_runs(), cluster_cleanup.find_killed_runs()

    assert isinstance(of_kind, kind_cleanup.KilledKindRun)
    assert of_kind.cluster == "" or of_kind.cluster.startswith("svcproof-")
    assert isinstance(of_cluster, cluster_cleanup.KilledRun)


@pytest.mark.parametrize("cluster", ["prod", "../runs/kind-000000", "svcproof-\n", "", "svcproof-A", 7, ["svcproof-a"]])
def test_a_cluster_that_svcproof_does_not_name_so_is_not_removed(runs: Path, cluster: object) -> None:
    noted(runs, "kind-abcdef", json.dumps({"owner": ended(), "facts": {"cluster": cluster}}).encode())

    (found,) = kind_cleanup.find_killed_runs()

    assert isinstance(found, kind_cleanup.KilledKindRun)
    assert found.cluster == ""


@pytest.mark.parametrize("name", ["kind-", "kind-odd", "kind-ABCDEF", "kind-abcdef0", "kind-abc\ndef"])
def test_an_entry_that_no_run_has_named_is_told_in_one_line_and_stays(runs: Path, name: str) -> None:
    if name == "kind-":
        name = "kind-."
    noted(runs, name, b"")

    (left,) = ledger.abandoned("kind")

    assert isinstance(left, LeftAlone)
    assert len(str(left).splitlines()) == 1
    assert not left.in_use


def test_an_entry_whose_owner_may_still_run_stays(runs: Path) -> None:
    noted(runs, "kind-abcdef", json.dumps({"owner": {"pid": os.getpid()}, "facts": {}}).encode())

    (left,) = ledger.abandoned("kind")

    assert isinstance(left, LeftAlone)
    assert f"process {os.getpid()} runs" in left.reason


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"namespace": "1"}, "another PID namespace"), ({"machine": "another"}, "another machine")],
)
def test_a_run_that_cannot_be_seen_from_here_stays_and_is_taken_for_alive(
    runs: Path, changed: dict[str, object], words: str
) -> None:
    noted(runs, "kind-abcdef", json.dumps({"owner": ended(**changed), "facts": {}}).encode())

    (left,) = ledger.abandoned("kind")

    assert isinstance(left, LeftAlone)
    assert left.in_use
    assert words in left.reason
    assert ledger.alive() == {"abcdef"}


def test_a_run_of_another_boot_is_over(runs: Path) -> None:
    ours = ledger.identity(os.getpid())
    assert ours is not None
    noted(runs, "kind-abcdef", json.dumps({"owner": {**ours, "boot": "before"}, "facts": {}}).encode())

    assert [type(entry) for entry in ledger.abandoned("kind")] == [Entry]
    assert ledger.fate({**ours, "boot": "before"}) is Fate.ENDED  # type: ignore[typeddict-item]


@pytest.mark.skipif(os.getuid() != 0, reason="makes files of another user, which takes root")
@pytest.mark.parametrize("which", ["svcproof", "svcproof/runs"])
def test_a_ledger_of_another_user_is_refused_with_the_remedy(runs: Path, tmp_path: Path, which: str) -> None:
    noted(runs, "kind-abcdef", b"")
    os.chown(tmp_path / which, 65534, 65534)

    for use in (lambda: ledger.abandoned("kind"), lambda: ledger.begin("kind"), lambda: ledger.alive()):
        with pytest.raises(ProvisionError, match=r"uid 65534.* set XDG_STATE_HOME"):
            use()


@pytest.mark.skipif(os.getuid() != 0, reason="makes files of another user, which takes root")
@pytest.mark.parametrize("which", ["kind-abcdef", "kind-abcdef/run.json"])
def test_an_entry_of_another_user_is_not_believed(runs: Path, which: str) -> None:
    noted(runs, "kind-abcdef", json.dumps({"owner": ended(), "facts": {"cluster": "svcproof-a"}}).encode())
    os.chown(runs / which, 65534, 65534)

    (left,) = ledger.abandoned("kind")

    assert isinstance(left, LeftAlone)
    assert "uid 65534" in left.reason


@pytest.mark.parametrize("content", [b"", b"\0\0\0", b"-1 x", b"9" * 100_000, b"\xff\xfe", b"1 4026531836"])
def test_an_odd_lock_is_free_when_nobody_holds_it(runs: Path, content: bytes) -> None:
    locks = runs.parent / "locks"
    locks.mkdir(parents=True, mode=0o700)
    (locks / "x").write_bytes(content)

    assert not ledger.is_locked("x")
    with ledger.locked("x", "it", ""):
        assert ledger.is_locked("x")
    (locks / "y").write_bytes(content)
    (locks / "directory").mkdir()
    (locks / "link").symlink_to("nothing")
    ledger.sweep()
    assert not (locks / "y").exists()
    assert not (locks / "nothing").exists()


@pytest.mark.parametrize("copy", ["", "{", "[]", "\0\0", "apiVersion: v1\nkind: Config\n", "clusters: 5"])
@pytest.mark.parametrize("record", [b"", b'{"server": "https://127.0.0.1:1"}'], ids=["odd record", "sound record"])
def test_an_odd_copy_of_a_kubeconfig_is_told_with_what_to_do(runs: Path, copy: str, record: bytes) -> None:
    whole = json.dumps({"owner": ended(), "facts": json.loads(record)}).encode() if record else b""
    (noted(runs, "kubeconfig-abcdef", whole) / "kubeconfig").write_text(copy)
    (found,) = cluster_cleanup.find_killed_runs()
    assert isinstance(found, cluster_cleanup.KilledRun)

    with pytest.raises(ProvisionError, match=r"svcproof clean --kubeconfig FILE, and then its note, .*abcdef") as told:
        found.remove()

    assert len(str(told.value).splitlines()) == 1

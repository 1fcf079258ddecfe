"""All the evidence of one check, from a witness that tells, and from one that does not."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from svcproof.errors import ProbeError
from svcproof.evidence.collection import Collection
from svcproof.evidence.folder import EvidenceFolder
from svcproof.model.evidence import Log, Packet, RuleDump
from tests.evidence.recordings import dump, recorded_subject

HOSTILE = "\x1b[31m]]> <script>\x07 --token=hunter2 Bearer hunter2hunter2 known"


class Telling:
    """A witness that has a history of rules, and logs with hostile strings and secrets."""

    secrets = ("known",)

    def rules(self, node: str) -> tuple[RuleDump, ...]:
        return (dump("reference", "before"), dump("reference", "after"))

    def connections(self, node: str) -> str:
        return (
            "tcp 6 1 src=10.244.2.9 dst=10.96.206.200 sport=1 dport=80 src=10.244.0.9 dst=10.244.2.9 sport=80 dport=1"
        )

    def outputs(self, node: str) -> Iterator[tuple[str, str]]:
        yield "show state", HOSTILE

    def logs(self, since: float) -> tuple[Log, ...]:
        return Log("proxy", "node-a", ((1030.0, HOSTILE),)), Log("lab", "", ((10.0, "long ago"),))

    @contextmanager
    def capture(self, ends: Sequence[object]) -> Iterator[list[Packet]]:
        yield []


class Unchanging(Telling):
    """A witness of a node whose rules stay as they are."""

    def rules(self, node: str) -> tuple[RuleDump, ...]:
        return (dump("reference", "before"), dump("reference", "before"))


class Mute(Telling):
    """A witness that refuses, and makes mistakes."""

    def rules(self, node: str) -> tuple[RuleDump, ...]:
        raise ProbeError("no shell on the nodes, --token=hunter2")

    def connections(self, node: str) -> str:
        raise KeyError("src")

    def outputs(self, node: str) -> Iterator[tuple[str, str]]:
        return iter(())

    def logs(self, since: float) -> tuple[Log, ...]:
        raise OSError(2, "No such file")


def collected(witness: Telling, results: Path, changed: float = 1030.0) -> Collection:
    collection = Collection(
        witness=witness,
        folder=EvidenceFolder(results, "it", witness.secrets),
        subject=recorded_subject("reference", "echo"),
        nodes=("node-a",),
        began=1020.0,
        changed=changed,
    )
    collection.take()
    return collection


def test_the_excerpt_is_the_change_on_the_node_concerned(tmp_path: Path) -> None:
    title, _, _, *lines = collected(Telling(), tmp_path).evidence().excerpt.splitlines()

    assert title == "rules of default/echo on node-a, before and after the last change:"
    assert "- ip service-proxy set hairpins: 10.244.1.9 . 10.244.1.9" in lines
    assert all(line[:2] in {"- ", "+ "} for line in lines)


def test_rules_that_did_not_change_are_told_as_they_are(tmp_path: Path) -> None:
    title, *lines = collected(Unchanging(), tmp_path).evidence().excerpt.splitlines()

    assert title == "rules of default/echo on node-a, which the last change did not change:"
    assert all("default/echo" in line or "10.96.206.200" in line or "10.244." in line for line in lines[:-1])


def test_files_are_of_the_check_first_and_then_of_nodes(tmp_path: Path) -> None:
    names = [file.name for file in collected(Telling(), tmp_path).evidence().files]

    assert names == [
        "it.diff",
        "it.rules",
        "it.conntrack",
        "it.lab.log",
        "it.node-a.before.rules",
        "it.node-a.rules",
        "it.node-a.commands",
        "it.node-a.proxy.log",
    ]
    assert {path.name for path in (tmp_path / "evidence").iterdir()} == set(names)


def test_hostile_strings_are_kept_as_they_are_and_secrets_are_not(tmp_path: Path) -> None:
    collected(Telling(), tmp_path)

    for name in ("it.node-a.proxy.log", "it.node-a.commands"):
        text = (tmp_path / "evidence" / name).read_text()
        assert "\x1b[31m]]> <script>\x07 --token=[removed] Bearer [removed] [removed]" in text


def test_a_log_of_before_the_check_is_called_so(tmp_path: Path) -> None:
    titles = {file.name: file.title for file in collected(Telling(), tmp_path).evidence().files}

    assert titles["it.node-a.proxy.log"] == "log of the proxy on node-a"
    assert titles["it.lab.log"] == "last lines before the check of the lab"


def test_what_cannot_be_had_is_said_with_the_reason_and_without_secrets(tmp_path: Path) -> None:
    evidence = collected(Mute(), tmp_path).evidence()

    assert (evidence.files, evidence.excerpt) == ((), "")
    assert evidence.missing == (
        "the rules of node-a: no shell on the nodes, --token=[removed]",
        "the connections of node-a: KeyError: 'src'",
        "the logs: [Errno 2] No such file",
    )


def test_a_state_before_the_change_that_was_not_recorded_is_said(tmp_path: Path) -> None:
    [missing] = collected(Telling(), tmp_path, changed=900.0).evidence().missing

    assert missing == "the rules of node-a before the last change: none were recorded before it"

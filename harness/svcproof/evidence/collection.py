"""All the evidence of one check, taken from a witness and written to files; what cannot be had is said, and why."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from svcproof.errors import SvcproofError
from svcproof.evidence import conntrack, dumps, logs
from svcproof.evidence.excerpt import NodeRules, changes, current, excerpt
from svcproof.evidence.folder import EvidenceFolder
from svcproof.evidence.subject import Subject
from svcproof.limits import carried
from svcproof.model.cluster import Witness
from svcproof.model.evidence import Evidence, EvidenceFile, Log, RuleDump
from svcproof.printable import clipped

Taken = TypeVar("Taken")
NO_HISTORY = "the rules of {} before the last change: only a lab records rules all the time"
TOO_LATE = "the rules of {} before the last change: none were recorded before it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Takes the evidence of one check.

    `nodes` are those concerned, the one of the failing probe first. `began` and `changed` are times of the wall clock:
    when the check began, and when it made its last change.
    """

    witness: Witness
    folder: EvidenceFolder
    subject: Subject
    nodes: Sequence[str]
    began: float
    changed: float
    rules: list[NodeRules] = field(default_factory=list)
    states: dict[str, tuple[RuleDump, ...]] = field(default_factory=dict)
    """The rules of each node from time to time, the last time now."""
    logs: list[Log] = field(default_factory=list)

    def take(self) -> None:
        """Take what the nodes and the proxy can tell."""
        parts = {
            "the rules": self._take_rules,
            "the connections": self._take_connections,
            "the proxy's own commands": self._take_outputs,
            "the logs": self._take_logs,
        }
        for what, take in parts.items():
            with self.unless_refused(what):
                take()

    def evidence(self) -> Evidence:
        """The evidence as the fact has it."""
        return Evidence(
            excerpt=self.folder.cleaned(excerpt(self.rules)) if self.subject.is_known else "",
            files=tuple(sorted(self.folder.files, key=self._is_of_node)),
            missing=tuple(self.folder.missing),
        )

    def _is_of_node(self, file: EvidenceFile) -> bool:
        """True for a file of one node, which comes after those of the whole check."""
        return any(f".{node}." in file.name for node in self.nodes)

    @contextmanager
    def unless_refused(self, what: str) -> Iterator[None]:
        """Say that something could not be had, and why, where taking it fails: the fact does not depend on it."""
        try:
            yield
        except Exception as error:
            why = str(error) if isinstance(error, SvcproofError | OSError) else f"{type(error).__name__}: {error}"
            self.folder.missing.append(f"{what}: {clipped(self.folder.cleaned(why))}")

    def _take_rules(self) -> None:
        """Take the rules of each node, before the last change and now, and write what of them is the Services'."""
        for node, states in self._of_each_node("the rules of {}", self.witness.rules):
            self.states[node] = states
            *recorded, now = states
            before = dumps.before_change(recorded, self.changed)
            if before is None:
                self.folder.missing.append((TOO_LATE if recorded else NO_HISTORY).format(node))
            else:
                self.folder.write_text(f"all rules of {node} before", f"{node}.before.rules", dumps.text(before))
            self.folder.write_text(f"all rules of {node} now", f"{node}.rules", dumps.text(now))
            self.rules.append(NodeRules(self.subject, before, now))
        if self.subject.is_known:
            names = self.subject.title
            self.folder.write_text(f"changes of the rules of {names}", "diff", changes(self.rules))
            self.folder.write_text(f"the rules of {names} now", "rules", current(self.rules))

    def _take_connections(self) -> None:
        if not self.subject.is_known:
            return
        sections = [
            f"# {node}\n" + "".join(f"{line}\n" for line in conntrack.of_subject(text, self.subject))
            for node, text in self._of_each_node("the connections of {}", self.witness.connections)
        ]
        self.folder.write_text(f"connections to {self.subject.title}", "conntrack", "\n".join(sections))

    def _take_outputs(self) -> None:
        def outputs(node: str) -> list[tuple[str, str]]:
            return list(self.witness.outputs(node))

        for node, printed in self._of_each_node("the proxy's own commands on {}", outputs):
            text = "\n".join(f"$ {command}\n{output}" for command, output in printed)
            self.folder.write_text(f"what the proxy's own commands print on {node}", f"{node}.commands", text)

    def _take_logs(self) -> None:
        self.logs.extend(self.witness.logs(self.began))
        for log in self.logs:
            place = f" on {log.node}" if log.node else ""
            is_older = bool(log.lines) and log.lines[-1][0] < self.began
            title = f"{'last lines before the check' if is_older else 'log'} of the {log.name}{place}"
            self.folder.write_text(title, ".".join(filter(None, (log.node, log.name, "log"))), logs.text(log))

    def _of_each_node(self, what: str, take: Callable[[str], Taken]) -> Iterator[tuple[str, Taken]]:
        """Yield each node and what is taken of it, all at once."""
        with ThreadPoolExecutor(max(1, len(self.nodes))) as pool:
            pending = [(node, pool.submit(carried(take), node)) for node in self.nodes]
        for node, future in pending:
            with self.unless_refused(what.format(node)):
                yield node, future.result()

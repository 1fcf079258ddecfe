"""The logs of the nodes of a cluster that did not come up: kept until `svcproof clean`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from svcproof import ledger
from svcproof.disk import remove_or_raise
from svcproof.errors import ProvisionError
from svcproof.kubernetes.kind.command_errors import remedy
from svcproof.kubernetes.kind.tools import Tools
from svcproof.ledger import Entry
from svcproof.model.cluster import Progress
from svcproof.printable import one_line

SHORT_OF = re.compile("too many open files|no space left on device", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class KeptLogs:
    """The logs of the nodes of a run that is over."""

    place: Path

    def __str__(self) -> str:
        return f"the logs of nodes that did not come up, {one_line(str(self.place))}"

    def remove(self) -> None:
        """Remove them; raises ProvisionError where that fails."""
        remove_or_raise(self.place)


def find_kept_logs() -> tuple[KeptLogs, ...]:
    """Find what runs have kept that are over."""
    going_on = ledger.alive()
    return tuple(KeptLogs(path) for path in ledger.entries_of("logs") if path.name.rpartition("-")[2] not in going_on)


def keep_logs(tools: Tools, entry: Entry, progress: Progress) -> str:
    """Keep the logs of the nodes of a run, and say where they are; empty where there are no nodes."""
    name = entry.facts.get("cluster", "")
    if not name or not tools.nodes(name):
        return ""
    place = ledger.make_part("logs", "the logs of the nodes") / f"{name.removesuffix(f'-{entry.token}')}-{entry.token}"
    progress("keeping the logs of the nodes")
    try:
        tools.kind.export_logs(name, place)
    except ProvisionError as error:
        return f"The logs of its nodes could not be kept: {error}"
    shortage = _shortage_in(
        line for file in place.rglob("*.log") for line in file.read_text(errors="replace").splitlines()
    )
    return "\n".join(filter(None, (f"The logs of its nodes are in {place}, until svcproof clean", shortage)))


def shortage(tools: Tools, cluster: str) -> str:
    """Return what nodes that run or ended have printed of something they had too little of, and what to do about it."""
    printed = (tools.engine.attempt("logs", node) for node in tools.nodes(cluster))
    return _shortage_in(line for ended in printed for line in (ended.stdout_text + ended.stderr_text).splitlines())


def _shortage_in(lines: Iterable[str]) -> str:
    line = next((line for line in lines if SHORT_OF.search(line)), "")
    return line and f"They say: {line[-300:]}\n{remedy(line)}"

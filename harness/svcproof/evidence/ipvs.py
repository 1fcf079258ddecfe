"""The output of `ipvsadm --save --numeric`, read line by line: https://linux.die.net/man/8/ipvsadm."""

from collections.abc import Iterator

from svcproof.evidence.rules import RuleLine


def parsed(text: str) -> Iterator[RuleLine]:
    """Yield a line for each virtual service (`-A`) and each real server of one (`-a`), by the virtual service."""
    for line in text.splitlines():
        words = line.split()
        if len(words) > 2 and words[0] in {"-A", "-a"}:
            yield RuleLine(("ipvs", words[2]), "", " ".join(words))

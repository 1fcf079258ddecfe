"""The commands that list the rules of a node, and what is kept of what commands print."""

import re

from svcproof.evidence.bounds import bounded

LISTINGS = (
    ("nft", "list", "ruleset"),
    ("iptables-save",),
    ("ip6tables-save",),
    ("ipvsadm", "--save", "--numeric"),
)
MARK = "# listed by svcproof: "
LIST_ALL = ("sh", "-c", "; ".join(f"echo '{MARK}{words[0]}'; {' '.join(words)} 2>/dev/null" for words in LISTINGS))
"""All of them in one command: to start a command on a node takes longer than to list its rules."""
LARGEST_OUTPUT = 1 << 20
"""Characters kept of what a command of the proxy's own prints."""


def listed(stdout: bytes) -> dict[str, str]:
    """The output of `LIST_ALL` by program; those that have printed nothing are left out."""
    pieces = re.split(rf"^{re.escape(MARK)}(\S+)\n", stdout.decode(errors="replace"), flags=re.MULTILINE)[1:]
    return {program: text for program, text in zip(pieces[::2], pieces[1::2], strict=True) if text.strip()}


def of_command(stdout: bytes, stderr: bytes, code: int) -> str:
    """The output of a command, both ends of a long one, with its exit status if that is not 0."""
    text = bounded((stdout + stderr).decode(errors="replace"), LARGEST_OUTPUT)
    return f"{text}\n(exit status {code})\n" if code else text

"""Directories and files on this machine that are this user's alone, and the removal of whole trees."""

from svcproof.disk.files import (
    UnreadableError,
    move_whole,
    read_json,
    read_record,
    write_or_raise,
    write_private,
    write_whole,
)
from svcproof.disk.private import UntrustedError, find_private, make_private, opened, why_untrusted
from svcproof.disk.tree import Left, remove_or_raise, remove_tree

__all__ = [
    "Left",
    "UnreadableError",
    "UntrustedError",
    "find_private",
    "make_private",
    "move_whole",
    "opened",
    "read_json",
    "read_record",
    "remove_or_raise",
    "remove_tree",
    "why_untrusted",
    "write_or_raise",
    "write_private",
    "write_whole",
]

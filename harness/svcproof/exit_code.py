"""The exit codes of the command: docs/verdicts.md says what leads to which."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The end of a command, for scripts; the numbers are those that pytest has for like ends."""

    OK = 0
    FAILED = 1
    """A MUST failed, or a fault was not caught."""
    INTERRUPTED = 2
    UNDECIDED = 3
    """Something could not be decided, made or removed, which speaks against no proxy."""
    USAGE = 4
    """The command line or a declaration is wrong; nothing was begun."""
    NOTHING_SELECTED = 5

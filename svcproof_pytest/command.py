"""The command `svcproof`: starts the command line, unless PYTHONPATH leads to another package of its name."""

import sys

from svcproof_pytest.shadow import explained, imported_instead


def main() -> None:
    """Run `svcproof`; ends with exit code 4 where its package cannot be imported."""
    if other := imported_instead():
        print(explained(other), file=sys.stderr)  # noqa: T201
        sys.exit(4)
    from harness.cli import main as command_line

    command_line()

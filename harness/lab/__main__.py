"""The process of a lab, `python -m harness.lab DIRECTORY`: `harness.lab.process.launch` starts it in new namespaces."""

import asyncio
import logging
import sys
from pathlib import Path

from harness.errors import leaves
from harness.lab.assembly import PartEndedError, serve
from harness.lab.process.directory import Directory
from harness.lab.process.settings import read


def main() -> None:
    """Serve until the process is ended; what goes wrong ends it with a traceback."""
    settings = read(Directory(Path(sys.argv[1])))
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        asyncio.run(serve(settings, _up))
    except* PartEndedError as parts:
        sys.exit("; ".join(str(error) for error in leaves(parts)))


def _up() -> None:
    """Tell the harness, which waits for a line on our standard output."""
    sys.stdout.write("up\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

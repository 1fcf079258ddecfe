"""The process of a lab, `python -m svcproof.lab DIRECTORY`, which `lab.process.launch` starts in new namespaces."""

import asyncio
import logging
import sys
from pathlib import Path

from svcproof.errors import leaves
from svcproof.lab.assembly import PartEndedError, serve
from svcproof.lab.process.directory import Directory
from svcproof.lab.process.settings import read


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

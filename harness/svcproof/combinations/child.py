"""`python -m svcproof.combinations.child PARENT WORD...`: svcproof with these words, ended when its parent is.

A run of a matrix has a session of its own, so that Ctrl-C reaches the matrix alone. Where that is killed, Linux sends
the run the signal that ends it cleanly; elsewhere it goes on to its end.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1
"""https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html"""


def main() -> None:
    """Bind this process to its parent, and go on as svcproof."""
    parent = int(sys.argv[1])
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(f"the matrix that was to watch this run, process {parent}, has ended")
    sys.argv[1:] = sys.argv[2:]
    runpy.run_module("svcproof", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

"""`python -m svcproof`: the command `svcproof`."""

from svcproof.entry.command import main

if __name__ == "__main__":
    main()

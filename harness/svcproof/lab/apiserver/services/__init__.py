"""Rules of Services that both allocation and validation follow."""

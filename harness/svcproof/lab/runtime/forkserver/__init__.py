"""A small single-threaded server that forks containers; standard library only, imported by nobody but its own process.

It runs in a fresh interpreter without site-packages, so that a container whose program is Python can go on in the
warm interpreter as if it had just been started. Its files import each other relatively, never `svcproof`.
"""

"""`python -I -S -m forkserver FD`: serve on the inherited socket with this descriptor."""

# Imported so that programs find them warm; what the probe agent needs is among them.
import argparse
import asyncio  # noqa: F401
import http.client
import http.server  # noqa: F401
import signal
import socket
import subprocess  # noqa: F401
import threading  # noqa: F401
import urllib.request  # noqa: F401

from .server import Server
from .syscalls import die_with_parent

if __name__ == "__main__":
    arguments = argparse.ArgumentParser(prog="forkserver")
    arguments.add_argument("fd", type=int)
    die_with_parent(signal.SIGKILL)
    Server(socket.socket(fileno=arguments.parse_args().fd)).serve()

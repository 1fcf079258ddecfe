"""Carries requests from standard input to the agent's control port, and its answers to standard output.

Run beside the agent, as `python3 /svcproof/relay.py PORT`, where only commands in the container reach it. Several
requests may be under way; it ends with its input. A frame is one line of JSON and then `size` bytes:

    {"number": 7, "path": "/probe", "secret": "...", "seconds": 11.0, "size": 2048}     in
    {"number": 7, "status": 200, "size": 4096}                                          out

Status 0 says that the agent did not answer; the bytes then say why.
"""

from __future__ import annotations

import http.client
import json
import sys
import threading
from typing import Any


def carry(port: int, writing: threading.Lock, head: dict[str, Any], body: bytes) -> None:
    """Ask the agent once, and write what comes of it while nobody else does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=head["seconds"])
    try:
        connection.request("POST", head["path"], body, {"X-Svcproof-Secret": head["secret"]})
        response = connection.getresponse()
        status, answer = response.status, response.read()
    except (OSError, http.client.HTTPException) as why:
        status, answer = 0, f"{type(why).__name__}: {why}".encode()
    finally:
        connection.close()
    line = json.dumps({"number": head["number"], "status": status, "size": len(answer)}).encode()
    with writing:
        sys.stdout.buffer.write(line + b"\n" + answer)
        sys.stdout.buffer.flush()


def main() -> None:
    """Carry until there is no more input."""
    port, writing = int(sys.argv[1]), threading.Lock()
    while line := sys.stdin.buffer.readline():
        head = json.loads(line)
        body = sys.stdin.buffer.read(head["size"])
        threading.Thread(target=carry, args=(port, writing, head, body), daemon=True).start()


if __name__ == "__main__":
    main()

"""agnhost connect: whether somebody answers, said in one word."""

import argparse
import socket
import sys


def main(arguments: list[str]) -> int:
    """Connect to HOST:PORT; 0 on success, otherwise 1 with TIMEOUT, REFUSED, DNS or OTHER on standard error."""
    parser = argparse.ArgumentParser(prog="agnhost connect")
    parser.add_argument("target")
    parser.add_argument("--timeout", type=seconds, default=0.0)
    parser.add_argument("--protocol", choices=("tcp", "udp"), default="tcp")
    asked = parser.parse_args(arguments)
    host, _, port = asked.target.rpartition(":")
    try:
        exchange(host.strip("[]"), int(port), asked.protocol, asked.timeout or None)
    except socket.gaierror as error:
        return _say(f"DNS: {error}")
    except TimeoutError:
        return _say("TIMEOUT")
    except ConnectionRefusedError:
        return _say("REFUSED")
    except OSError as error:
        return _say(f"OTHER: {error}")
    return 0


def exchange(host: str, port: int, protocol: str, timeout: float | None, message: bytes = b"foo\n") -> bytes:
    """Connect, or for UDP send `message` and return what is answered; raises OSError."""
    kind = socket.SOCK_DGRAM if protocol == "udp" else socket.SOCK_STREAM
    family, _, _, _, address = socket.getaddrinfo(host, port, type=kind)[0]
    with socket.socket(family, kind) as sock:
        sock.settimeout(timeout)
        sock.connect(address)
        if protocol == "tcp":
            return b""
        sock.send(message)
        return sock.recv(65535)


def seconds(text: str) -> float:
    """A duration as Go writes it: 500ms, 5s, 1m30s."""
    total, number = 0.0, ""
    units = {"ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
    rest = text
    while rest:
        number = rest[: len(rest) - len(rest.lstrip("0123456789."))]
        rest = rest[len(number) :]
        unit = next((name for name in units if rest.startswith(name)), "")
        if not number or not unit:
            raise argparse.ArgumentTypeError(f"not a duration: {text}")
        total += float(number) * units[unit]
        rest = rest[len(unit) :]
    return total


def _say(word: str) -> int:
    sys.stderr.write(word + "\n")
    return 1

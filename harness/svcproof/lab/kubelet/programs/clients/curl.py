#!/usr/bin/env python3
"""curl, as far as tests use it: `curl [-s] [-m SECONDS] [--connect-timeout SECONDS] [-o FILE] [-w FORMAT] URL ...`."""

import argparse
import http.client
import shutil
import socket
import sys
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, Request, build_opener

CANNOT_RESOLVE, CANNOT_CONNECT, HTTP_ERROR, TIMED_OUT, NOTHING_CAME = 6, 7, 22, 28, 52


def main() -> int:
    """Fetch each URL; the exit codes are curl's."""
    parser = argparse.ArgumentParser(prog="curl")
    for flag in ("-q", "-s", "-S", "-g", "-k", "-L", "-4", "-6", "-f", "-i"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("-I", "--head", action="store_true")
    parser.add_argument("--silent", dest="s", action="store_true")
    parser.add_argument("--fail", dest="f", action="store_true")
    parser.add_argument("-m", "--max-time", type=float)
    parser.add_argument("--connect-timeout", type=float)
    parser.add_argument("-o", "--output", default="-")
    parser.add_argument("-w", "--write-out", default="")
    parser.add_argument("-X", "--request", default=None)
    parser.add_argument("-d", "--data", default=None)
    parser.add_argument("-H", "--header", action="append", default=[])
    parser.add_argument("url", nargs="+")
    asked = parser.parse_args()
    return max(_fetch(url if "://" in url else f"http://{url}", asked) for url in asked.url)


def _fetch(url: str, asked: argparse.Namespace) -> int:
    headers = dict(line.split(": ", 1) for line in asked.header)
    data = asked.data.encode() if asked.data is not None else None
    request = Request(url, data, headers, method=asked.request or ("HEAD" if asked.head else None))
    code = 0
    try:
        answer = build_opener(ProxyHandler({})).open(request, timeout=asked.max_time or asked.connect_timeout or 300)
    except HTTPError as error:
        answer, code = error, HTTP_ERROR if asked.f else 0
    except (URLError, OSError, http.client.HTTPException) as error:
        return _failed(error, url, asked)
    with answer:
        _show(answer, asked)
    return code


def _show(answer: http.client.HTTPResponse, asked: argparse.Namespace) -> None:
    if asked.i or asked.head:
        sys.stdout.write(f"HTTP/1.1 {answer.status} {answer.reason}\n{answer.headers}")
        sys.stdout.flush()
    if asked.output == "-":
        shutil.copyfileobj(answer, sys.stdout.buffer)
    else:
        with open(asked.output, "wb") as file:  # noqa: PTH123 - /dev/null as well
            shutil.copyfileobj(answer, file)
    text = asked.write_out.replace("\\n", "\n")
    sys.stdout.buffer.write(text.replace("%{http_code}", str(answer.status)).encode())
    sys.stdout.buffer.flush()


def _failed(error: Exception, url: str, asked: argparse.Namespace) -> int:
    reason = getattr(error, "reason", error)
    if isinstance(reason, socket.gaierror):
        code, trouble = CANNOT_RESOLVE, "Could not resolve host"
    elif isinstance(reason, TimeoutError):
        code, trouble = TIMED_OUT, "Connection timed out"
    elif isinstance(reason, http.client.HTTPException):
        code, trouble = NOTHING_CAME, "Empty reply from server"
    else:
        code, trouble = CANNOT_CONNECT, f"Failed to connect: {getattr(reason, 'strerror', reason)}"
    if asked.write_out:
        sys.stdout.write(asked.write_out.replace("%{http_code}", "000").replace("\\n", "\n"))
    if not asked.s or asked.S:
        sys.stderr.write(f"curl: ({code}) {trouble}: {url}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())

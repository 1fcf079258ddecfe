#!/usr/bin/env python3
"""wget, as busybox has it and tutorials use it: `wget [-q] [-T SECONDS] [-O FILE] [--spider] URL`."""

import argparse
import shutil
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener


def main() -> int:
    """Fetch the URL into a file, or to standard output for `-O -`."""
    parser = argparse.ArgumentParser(prog="wget")
    parser.add_argument("-q", "--quiet", action="store_true")
    parser.add_argument("-S", action="store_true")
    parser.add_argument("--spider", action="store_true")
    parser.add_argument("-T", "--timeout", type=float, default=900.0)
    parser.add_argument("-t", "--tries", type=int, default=1)
    parser.add_argument("-O", "--output-document", default="")
    parser.add_argument("url")
    asked = parser.parse_args()
    url = asked.url if "://" in asked.url else f"http://{asked.url}"
    try:
        with build_opener(ProxyHandler({})).open(url, timeout=asked.timeout) as answer:
            if asked.spider:
                return 0
            if asked.output_document == "-":
                shutil.copyfileobj(answer, sys.stdout.buffer)
                return 0
            name = asked.output_document or Path(urlsplit(url).path).name or "index.html"
            with Path(name).open("wb") as file:
                shutil.copyfileobj(answer, file)
    except (URLError, OSError) as error:
        sys.stderr.write(f"wget: can't connect to {url}: {getattr(error, 'reason', error)}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

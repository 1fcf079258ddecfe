"""The objects of a resource, listed and watched by a thread of its own."""

import base64
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

Object = dict[str, Any]
Report = Callable[[str, tuple[Object, ...]], object]
WATCH_SECONDS = 240


class Server:
    """The API server of a kubeconfig that is written as JSON and has one cluster and one user with a token."""

    def __init__(self, kubeconfig: Path) -> None:
        config = json.loads(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self._url, self._headers = cluster["server"], {"Authorization": f"Bearer {user['token']}"}
        authority = base64.b64decode(cluster.get("certificate-authority-data", "")).decode() or None
        self._trust = ssl.create_default_context(cafile=cluster.get("certificate-authority"), cadata=authority)

    def follow(self, path: str, report: Report) -> None:
        """Report the objects of a resource now and after each change, for ever."""
        threading.Thread(target=self._follow, args=(path, report), daemon=True).start()

    def _follow(self, path: str, report: Report) -> None:
        while True:
            try:
                self._list_and_watch(path, report)
            except (OSError, HTTPException, ValueError, LookupError) as error:
                logging.warning("watching %s: %r; listing again", path, error)
            time.sleep(0.2)

    def _list_and_watch(self, path: str, report: Report) -> None:
        [listing] = self._get(path)
        objects = {_name(item): item for item in listing["items"] or ()}
        report(path, tuple(objects.values()))
        query = f"watch=true&resourceVersion={listing['metadata']['resourceVersion']}&timeoutSeconds={WATCH_SECONDS}"
        for event in self._get(f"{path}?{query}"):
            if event["type"] == "ERROR":
                return
            objects[_name(event["object"])] = event["object"]
            if event["type"] == "DELETED":
                del objects[_name(event["object"])]
            report(path, tuple(objects.values()))

    def _get(self, path: str) -> Iterator[Object]:
        """Yield the JSON documents of an answer, one a line."""
        request = Request(self._url + path, headers=self._headers)
        with urlopen(request, timeout=WATCH_SECONDS + 30, context=self._trust) as answer:
            yield from map(json.loads, answer)


def _name(item: Object) -> tuple[str, str]:
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]

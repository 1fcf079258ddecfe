"""The objects of a resource, listed and watched."""

import base64
import json
import logging
import ssl
import time
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.request import Request, urlopen

from services import Object

WATCH_SECONDS = 240


class Server:
    """The API server of a kubeconfig that is written as JSON and has one cluster and one user with a token."""

    def __init__(self, kubeconfig: Path) -> None:
        config = json.loads(kubeconfig.read_text())
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self._url, self._headers = cluster["server"], {"Authorization": f"Bearer {user['token']}"}
        authority = base64.b64decode(cluster["certificate-authority-data"]).decode()
        self._trust = ssl.create_default_context(cadata=authority)

    def follow(self, path: str) -> Iterator[list[Object]]:
        """Yield the objects of a resource now and after each change, for ever."""
        while True:
            try:
                yield from self._list_and_watch(path)
            except (OSError, HTTPException, ValueError, LookupError) as error:
                logging.warning("watching %s: %r; listing again", path, error)
            time.sleep(0.2)

    def _list_and_watch(self, path: str) -> Iterator[list[Object]]:
        [listing] = self._get(path)
        objects = {item["metadata"]["uid"]: item for item in listing["items"] or ()}
        yield list(objects.values())
        query = f"watch=true&resourceVersion={listing['metadata']['resourceVersion']}&timeoutSeconds={WATCH_SECONDS}"
        for event in self._get(f"{path}?{query}"):
            uid = event["object"]["metadata"]["uid"]  # An event of type ERROR has none: a LookupError.
            objects[uid] = event["object"]
            if event["type"] == "DELETED":
                del objects[uid]
            yield list(objects.values())

    def _get(self, path: str) -> Iterator[Object]:
        """Yield the JSON documents of an answer, one a line."""
        request = Request(self._url + path, headers=self._headers)
        with urlopen(request, timeout=WATCH_SECONDS + 30, context=self._trust) as answer:
            yield from map(json.loads, answer)

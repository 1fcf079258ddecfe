"""The lab's API server: as much of the Kubernetes API as Services, and the programs around them, need.

`application()` makes an aiohttp application over a store of its own; the lab serves it on several sockets. Callers on
a unix socket are trusted, others send `Authorization: Bearer <token>`.
"""

from svcproof.lab.apiserver.application import ApiConfig, application

__all__ = ["ApiConfig", "application"]

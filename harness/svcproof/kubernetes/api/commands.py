"""Running a command in a container.

Not with lightkube's synchronous client: a thread of a session that has ended may go on reading from its socket's
number, and so from the next connection.
"""

import asyncio
import io
from collections.abc import Sequence
from typing import Any

from lightkube import AsyncClient

from svcproof.commands import Completed


def execute(
    config: Any, pod: str, namespace: str, argv: Sequence[str], container: str | None, timeout: float
) -> Completed:
    """Run a command and return how it ended; `config` is lightkube's. Raises TimeoutError, and what httpx raises."""
    return asyncio.run(_execute(config, pod, namespace, list(argv), container, timeout))


async def _execute(
    config: Any, pod: str, namespace: str, argv: list[str], container: str | None, timeout: float
) -> Completed:
    stdout, stderr = io.BytesIO(), io.BytesIO()
    async with AsyncClient(config=config, trust_env=False) as client:
        ended = await client.exec(
            pod, namespace=namespace, container=container, command=argv, stdout=stdout, stderr=stderr, timeout=timeout
        )
    return Completed(ended.exit_code, stdout.getvalue(), stderr.getvalue())

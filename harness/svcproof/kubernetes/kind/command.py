"""Commands of kind and the container engine: run to their end, or an error that says why not."""

import os
import subprocess
from collections.abc import Mapping

from svcproof.errors import ProvisionError


def attempt(
    *words: str, timeout: float, variables: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run a command, whatever comes out; raises ProvisionError where it cannot be run, or does not end in time.

    Secrets are for its environment, in `variables`: everybody on the machine can read command lines.
    """
    said = " ".join(words)
    try:
        # A session of its own: Ctrl-C is for us, who then remove what was made.
        return subprocess.run(
            words, capture_output=True, text=True, errors="replace", timeout=timeout, check=False,
            stdin=subprocess.DEVNULL, start_new_session=True, env={**os.environ, **(variables or {})},
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        raise ProvisionError(
            f"{said} had not ended after {timeout:g} s: see whether the container engine answers, and restart its "
            "daemon if it hangs"
        ) from late
    except OSError as error:
        raise ProvisionError(f"{said} cannot be run: {error.strerror}; put another {words[0]} on PATH") from error

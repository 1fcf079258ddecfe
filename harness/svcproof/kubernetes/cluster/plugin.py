"""The program that a kubeconfig names for its credentials.

https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
"""

import json
import shutil
from collections.abc import Mapping
from typing import Any

from svcproof.commands import Command, CommandError
from svcproof.errors import ProvisionError, UsageError
from svcproof.kubernetes.api.credentials import exec_environment
from svcproof.limits import Request


def check(exec_: Mapping[str, Any], context: str) -> None:
    """Have it give a token, once; raises UsageError where it is not there, ProvisionError where it gives none."""
    command = exec_.get("command", "")
    whose = f"the credentials of the kubeconfig's context {context!r} come from the program {command!r}"
    if not shutil.which(command):
        hint = " ".join(exec_.get("installHint", "").split()) or "Install it, or put it on PATH."
        raise UsageError(f"{whose}, which is not there. {hint}")
    given = {one["name"]: one["value"] for one in exec_.get("env") or ()}
    variables = {**given, **exec_environment(exec_.get("apiVersion", ""))}
    try:
        printed = Command(
            (command, *(exec_.get("args") or ())), Request.CREDENTIALS, variables=variables, confidential=True
        ).output()
    except CommandError as error:
        raise ProvisionError(f"{whose}, and it did not give any; log in again. {error}") from error
    if not _token(printed):
        raise ProvisionError(f"{whose}, and it gave no token: of such programs, svcproof can use those that do")


def _token(output: str) -> str:
    try:
        token = json.loads(output).get("status", {}).get("token")
    except (ValueError, AttributeError):
        return ""
    return str(token or "")

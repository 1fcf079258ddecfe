"""Credentials that a program gives: what lightkube does not do for it.

https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
"""

import json
from typing import Any

import msgspec
from lightkube.config.models import NameValue

KNOWN = "client.authentication.k8s.io/v1beta1"
"""The latest version that lightkube knows; v1 has the token in the same place."""


def execution(api_version: str) -> dict[str, str]:
    """The variable that tells the program which version is wanted of it."""
    info = {"apiVersion": api_version, "kind": "ExecCredential", "spec": {"interactive": False}}
    return {"KUBERNETES_EXEC_INFO": json.dumps(info)}


def understood(config: Any) -> Any:
    """The configuration, as lightkube can use it."""
    user = config.user
    if user is None or user.exec is None:
        return config
    told = [NameValue(name=name, value=value) for name, value in execution(user.exec.apiVersion).items()]
    plugin = msgspec.structs.replace(user.exec, apiVersion=KNOWN, env=[*(user.exec.env or ()), *told])
    return config._replace(user=msgspec.structs.replace(user, exec=plugin))

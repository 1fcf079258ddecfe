"""Credentials that a program gives, completed for lightkube.

https://kubernetes.io/docs/reference/config-api/client-authentication.v1/
"""

import json
from typing import Any

import msgspec
from lightkube.config.models import NameValue

KNOWN = "client.authentication.k8s.io/v1beta1"
"""The latest version that lightkube knows; v1 has the token in the same place."""


def exec_environment(api_version: str) -> dict[str, str]:
    """The variable that tells the program which version of the answer to give."""
    info = {"apiVersion": api_version, "kind": "ExecCredential", "spec": {"interactive": False}}
    return {"KUBERNETES_EXEC_INFO": json.dumps(info)}


def usable_config(config: Any) -> Any:
    """The configuration in a form that lightkube can use."""
    user = config.user
    if user is None or user.exec is None:
        return config
    variables = exec_environment(user.exec.apiVersion).items()
    added = [NameValue(name=name, value=value) for name, value in variables]
    plugin = msgspec.structs.replace(user.exec, apiVersion=KNOWN, env=[*(user.exec.env or ()), *added])
    return config._replace(user=msgspec.structs.replace(user, exec=plugin))

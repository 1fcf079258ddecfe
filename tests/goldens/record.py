"""Record the goldens: `python -m tests.goldens.record [SCENARIO...]`.

Needs etcd and kube-apiserver, found where `svcproof` finds real components (KUBEBUILDER_ASSETS, PATH, its cache).
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from harness.lab.layout import API_PORT
from tests.goldens.control_plane import TOKEN, real_api_server
from tests.goldens.normalise import normalised
from tests.goldens.replay import Replay
from tests.goldens.scenarios import SCENARIOS
from tests.goldens.step import Step, post

RECORDED = Path(__file__).parent / "recorded"


def preparation(namespace: str) -> tuple[Step, ...]:
    """The namespace of a scenario and, since no controller runs, its ServiceAccount; the lab has it."""
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
    return (
        post("namespace", "/api/v1/namespaces", space),
        post("account", f"/api/v1/namespaces/{namespace}/serviceaccounts", account),
    )


def main(names: list[str]) -> None:
    """Record the scenarios named, or all."""
    RECORDED.mkdir(exist_ok=True)
    with real_api_server() as url:
        for name in names or sorted(SCENARIOS):
            replay = Replay(url, TOKEN, f"golden-{name}")
            replay.all(preparation(f"golden-{name}"))
            answers = normalised(replay.all(SCENARIOS[name]))
            port = str(urlsplit(url).port)
            file = RECORDED / f"{name}.json"
            # The API server's Service leads to its own port, which in a lab is always the same.
            file.write_text(json.dumps(answers, indent=1, ensure_ascii=False).replace(port, str(API_PORT)) + "\n")
            click.echo(f"{name}: {len(answers)} answers")


if __name__ == "__main__":
    main(sys.argv[1:])

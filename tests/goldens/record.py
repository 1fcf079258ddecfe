"""Record the goldens: `python -m tests.goldens.record [SCENARIO...]`.

Needs etcd and kube-apiserver, found where `svcproof` finds real components (KUBEBUILDER_ASSETS, PATH, its cache).
"""

import json
import sys
from pathlib import Path
from urllib.parse import urlsplit

import click

from svcproof.lab.layout import API_PORT
from tests.goldens.control_plane import real_api_server
from tests.goldens.normalise import normalised
from tests.goldens.replay import Replay
from tests.goldens.scenarios import DUAL_STACK, SCENARIOS
from tests.goldens.step import Step, post
from tests.real_plane import TOKEN

RECORDED = Path(__file__).parent / "recorded"


def namespace_of(name: str) -> str:
    """The namespace of a scenario."""
    return f"golden-{name.replace('_', '-')}"


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
    wanted = set(names or SCENARIOS)
    for dual_stack, several in ((False, wanted - DUAL_STACK), (True, wanted & DUAL_STACK)):
        if several:
            with real_api_server(dual_stack=dual_stack) as url:
                for name in sorted(several):
                    record(url, name)


def record(url: str, name: str) -> None:
    """Record one scenario."""
    replay = Replay(url, TOKEN, namespace_of(name))
    replay.all(preparation(namespace_of(name)))
    answers = normalised(replay.all(SCENARIOS[name]))
    # The API server's Service leads to its own port, which in a lab is always the same.
    text = json.dumps(answers, indent=1, ensure_ascii=False).replace(str(urlsplit(url).port), str(API_PORT))
    (RECORDED / f"{name}.json").write_text(text + "\n")
    click.echo(f"{name}: {len(answers)} answers")


if __name__ == "__main__":
    main(sys.argv[1:])

"""The kubeconfig of a run, made of what the user has."""

import stat
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from svcproof.errors import ProvisionError, UsageError
from svcproof.kubernetes.cluster.kubeconfig import copied, in_cluster


def written(path: Path, *names: str, current: str = "", user: dict[str, object] | None = None) -> Path:
    """A kubeconfig with a context, a cluster and a user of each name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        "current-context": current,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}} for name in names],
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}.test:6443"}} for name in names],
        "users": [{"name": name, "user": user or {"token": name}} for name in names],
    }
    path.write_text(yaml.safe_dump(whole))
    return path


def test_the_copy_holds_one_context_for_this_user_alone(tmp_path: Path) -> None:
    mine = written(tmp_path / "mine", "here", "there", current="here")

    copy = copied(str(mine), "there", {}, tmp_path)

    made = yaml.safe_load(copy.read_text())
    assert made["current-context"] == "there"
    assert [one["name"] for part in ("contexts", "clusters", "users") for one in made[part]] == ["there"] * 3
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_of_a_list_of_files_the_first_to_say_something_wins(tmp_path: Path) -> None:
    first = written(tmp_path / "first", "a")
    second = written(tmp_path / "second", "b", current="b")
    third = written(tmp_path / "third", "c", current="c")
    listed = f"{tmp_path / 'none'}:{first}:{second}:{third}"

    made = yaml.safe_load(copied("", "", {"KUBECONFIG": listed}, tmp_path).read_text())

    assert made["clusters"][0]["cluster"]["server"] == "https://b.test:6443"


def test_paths_are_relative_to_the_file_that_names_them(tmp_path: Path) -> None:
    certificate, key = tmp_path / "folder/keys/me.crt", tmp_path / "elsewhere/me.key"
    for one in (certificate, key):
        one.parent.mkdir(parents=True)
        one.touch()
    user = {"client-certificate": "keys/me.crt", "client-key": str(key)}
    mine = written(tmp_path / "folder/mine", "here", current="here", user=user)

    made = yaml.safe_load(copied(str(mine), "", {}, tmp_path).read_text())

    assert made["users"][0]["user"] == {"client-certificate": str(certificate), "client-key": str(key)}


@pytest.mark.parametrize("name", ["client-certificate", "client-key", "tokenFile"])
def test_a_file_that_it_names_and_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    mine = written(tmp_path / "mine", "here", current="here", user={name: "gone"})

    with pytest.raises(UsageError, match=f"the context 'here' needs {name} {tmp_path}/gone, and there is no such file"):
        copied(str(mine), "", {}, tmp_path)


@pytest.mark.parametrize(
    ("context", "said"),
    [("heer", r"no context 'heer' \(did you mean here\?\)"), ("", r"no current-context: give one with --context")],
)
def test_a_context_that_is_not_there_is_told_with_those_that_are(tmp_path: Path, context: str, said: str) -> None:
    mine = written(tmp_path / "mine", "here")

    with pytest.raises(UsageError, match=said):
        copied(str(mine), context, {}, tmp_path)


@pytest.mark.parametrize("text", ["hello: [", "[]", "contexts: 5", "\x00"])
def test_what_is_no_kubeconfig_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "mine").write_text(text)

    with pytest.raises(UsageError, match="mine"):
        copied(str(tmp_path / "mine"), "", {}, tmp_path)


def test_where_there_is_none_it_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=f"no kubeconfig at {tmp_path}/none: give one with --kubeconfig"):
        copied("", "", {"KUBECONFIG": str(tmp_path / "none")}, tmp_path)


def test_a_credential_program_that_is_missing_is_told_with_its_hint(tmp_path: Path) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "no-such-program", "installHint": "Get it."}
    mine = written(tmp_path / "mine", "here", current="here", user={"exec": plugin})

    with pytest.raises(UsageError, match=r"'no-such-program', which is not there. Get it\."):
        copied(str(mine), "", {}, tmp_path)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo expired >&2; exit 3", r"(?s)log in again.*exit code 3; its last lines:\n  expired"),
        ("echo '{\"status\": {}}'", "it gave no token"),
        ("echo nonsense", "it gave no token"),
    ],
)
def test_a_credential_program_that_gives_no_token_is_told(tmp_path: Path, script: str, said: str) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script]}
    mine = written(tmp_path / "mine", "here", current="here", user={"exec": plugin})

    with pytest.raises(ProvisionError, match=said):
        copied(str(mine), "", {}, tmp_path)


def test_a_pod_uses_its_account(tmp_path: Path) -> None:
    made = in_cluster({"KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"}, tmp_path)

    assert made["clusters"][0]["cluster"]["server"] == "https://[fd00::1]:443"
    assert made["users"][0]["user"] == {"tokenFile": str(tmp_path / "token")}


BOMB = "a: &a [x, x]\n" + "".join(f"{n}: &{n} [*{o}, *{o}, *{o}, *{o}]\n" for o, n in pairwise("abcdefghijklmno"))
MISSHAPEN = {
    "": "no single mapping",
    "[]": "no single mapping",
    "a: {}\n---\nb: {}\n": "no single mapping",
    "current-context: [x]\n": "its current-context is no text",
    "contexts: {}\nclusters: 5\n": "its clusters are no list",
    "contexts: [5]\n": "contexts.0: is no mapping with a name and a context",
    "contexts: [{name: a, context: x}]\n": "contexts.0: is no mapping with a name and a context",
    "contexts: [{name: [a]}]\n": "contexts.0: is no mapping with a name and a context",
    "contexts: [{name: a, context: {cluster: {}}}]\n": "contexts.0: context.cluster is no text",
    "users: [{name: a, user: {tokenFile: 5}}]\n": "users.0: user.tokenFile is no text",
    "users: [{name: a, user: {exec: x}}]\n": "users.0: user.exec is no mapping with a command",
    "users: [{name: a, user: {exec: {command: [x]}}}]\n": "users.0: user.exec is no mapping with a command",
    "a: b: c\n": "mine:1:5: is not valid YAML",
    "a: !!python/object:x y\n": "mine:1:4: a: the tag !!python/object:x is not read here",
    "[" * 5000: "exceeded maximum nesting depth",
    "\0": "mine:1:1: is not valid YAML: the character U\\+0000",
    BOMB: "holds more than 1,000,000 values",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(("text", "said"), MISSHAPEN.items(), ids=lambda value: value[:20])
def test_what_is_no_kubeconfig_is_told(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine").write_text(text)

    with pytest.raises(UsageError, match=said):
        copied(str(tmp_path / "mine"), "", {}, tmp_path)

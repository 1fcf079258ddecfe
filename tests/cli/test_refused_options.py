"""Options that would break a run, refused before anything is made."""

import pytest
from click.testing import CliRunner

from svcproof.cli import main


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["job", "--workers", "0"], "0 is not in the range 1<=x<=64"),
        (["job", "--", "--workers", "65"], "65 is not in the range 1<=x<=64"),
        (["job", "--", "--repeat", "1000000"], "1000000 is not in the range 1<=x<=1000"),
        (["job", "--", "--no-such"], "No such option"),
        (["job", "--", "--fault", "proxy/x"], "--fault is for clusters of lab: a Job runs on the one that it is in"),
        (["job", "--", "--shard", "9/2"], "--shard must look like 2/5, the second of five parts, not"),
        (["job", "--", "--patience", "0.5"], "--patience 0.5: a factor is a number from 1 to 100, not '0.5'"),
        (["run", "--patience", "probes=2"], "--patience probes=2: there is no limit 'probes' (did you mean probe?)"),
        (["job", "--", "-k", "a and"], "-k 'a and': at column 6"),
        (["job", "--namespaces", "3", "--", "--workers", "2"], "--workers 2 needs --namespaces 4, 2 for each"),
        (["job", "--namespaces", "1"], "--workers 1 needs --namespaces 2, 2 for each"),
        (["sonobuoy-plugin", "--", "-k", "not"], "-k 'not': at column 4"),
        (["list", "--area", "nope"], "unknown area 'nope'; there are: bystanders, cluster_ip, dns, dual_stack,"),
        (["job", "--", "--area", "cluster_pi"], "unknown area 'cluster_pi' (did you mean cluster_ip?)"),
        (["job", "--image", "a b"], "--image 'a b': is no reference to an image"),
        (["job", "--pvc", "A_B"], "--pvc 'A_B': is no name of an object"),
        (["sonobuoy-plugin", "--", "--seed", "-1"], "-1 is not in the range x>=0"),
        (["rbac", "--serviceaccount", "a/B"], "--serviceaccount 'a/B': should be NAMESPACE/NAME"),
        (["rbac", "--user", "a\nb"], r"--user 'a\nb': must be one line of printable characters"),
        (["run", "--repeat", "1001"], "1001 is not in the range 1<=x<=1000"),
        (["run", "--shard", "1/" + "9" * 5000], "must look like 2/5"),
        (["run", "--results", "/etc/passwd"], "Directory '/etc/passwd' is a file"),
        (["run", "--cluster", "kind", "--image=-x"], "--image '-x': is no reference to an image"),
        (["run", "--cluster", "kind", "--node-image", "a b"], "--node-image 'a b': is no reference to an image"),
        (["run", "--kubeconfig", "/dev/zero"], "--kubeconfig /dev/zero: there is no such file"),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, list) else "",
)
def test_what_cannot_be_is_told_and_ends_with_4(words: list[str], said: str) -> None:
    ended = CliRunner().invoke(main, words)

    assert ended.exit_code == 4, ended.output
    assert said in ended.output


@pytest.mark.timeout(60)
def test_a_job_takes_what_a_run_takes() -> None:
    ended = CliRunner().invoke(
        main, ["job", "--namespaces", "4", "--", "--profile", "core", "--workers", "2", "--area", "cluster_ip"]
    )

    assert ended.exit_code == 0, ended.output
    assert "--profile core --workers 2 --area cluster_ip" in " ".join(ended.output.split())

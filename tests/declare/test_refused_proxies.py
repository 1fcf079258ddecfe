"""Mistakes in a proxy's declaration that are refused before anything is made, with their place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from svcproof.declare import proxy

Write = Callable[[str], str]
Problems = Callable[[Callable[[str], object], str], list[str]]
SOUND = 'install: {program: {command: [my-proxy, --kubeconfig, "{kubeconfig}"]}}\n'


def test_every_mistake_is_told_with_its_place_and_near_names(problems: Problems, write: Write) -> None:
    text = """\
title: 3
install:
  program: {command: [x, "{nod}", "{kubconfig}", '{"a": 1}'], environment: {A: "{nodes}"}}
  kubeProxy: {mode: iptable}
  script: a.sh
ready: {htp: x}
features: [node-prt]
deviations: [{behaviour: x}]
convergence: .inf
"""
    path = write(text)
    assert problems(proxy, path) == [
        ":1:8: title: input should be a valid string (got 3)",
        ":3:26: install.program.command.1: {nod} is not a placeholder (did you mean node or node_ip?)",
        ":3:35: install.program.command.2: {kubconfig} is not a placeholder (did you mean kubeconfig?)",
        ":3:80: install.program.environment.A: {nodes} is not a placeholder (did you mean node or node_ip?)",
        ":4:21: install.kubeProxy.mode: 'iptable' is unknown (did you mean iptables or nftables?)",
        f":5:11: install.script: there is no file {Path(path).parent}/a.sh",
        ":6:9: ready.htp: unknown key (did you mean http?)",
        ":7:12: features.0: 'node-prt' is unknown (did you mean node-port or health-check-node-port?)",
        ":8:14: deviations.0.why: is missing",
        ":8:14: deviations.0.url: is missing",
        ":9:14: convergence: .inf is not a finite number",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: x\n", "install: names no way to install"),
        ("install: {kubeProxy: {mode: ipvs}, script: a}\n", "install: names more than one way for clusters other than"),
        ("install: {clusterDefault: true, script: a}\n", "install: names more than one way for clusters other than"),
        ("install: {clusterDefault: false}\n", "install.clusterDefault: "),
        ("install: {script: mine.yaml}\n", "install.script: "),
        ("install: {manifests: [a.yaml, b.yaml]}\n", "install.manifests.1: "),
        ("install: {helm: {chart: cilium}}\n", "install.helm.chart: cilium needs helm.repo, or is a path: ./cilium"),
        ("install: {helm: {chart: ./there}}\n", "install.helm.chart: "),
        ("install: {helm: {chart: a, repo: 'https://a', namespace: A}}\n", "install.helm.namespace: "),
        ("install: {program: {command: []}}\n", "install.program.command: needs at least 1 item, and has 0"),
        (SOUND + "ready: {http: 127.0.0.1/healthz}\n", "ready.http: '127.0.0.1/healthz' is not a URL"),
        (SOUND + "ready: {http: 'http://127.0.0.1:port/'}\n", "ready.http: 'http://127.0.0.1:port/' is not a URL"),
        (SOUND + "ready: {within: 0}\n", "ready.within: input should be greater than or equal to 0.1 (got 0)"),
        (SOUND + "version: 1.2.3\n", "version: is not a key"),
        (
            SOUND
            + "deviations: [{behaviour: x, why: y, url: 'https://a/'}, {behaviour: x, why: y, url: 'https://a/'}]",
            "deviations.1.behaviour: x is documented twice",
        ),
    ],
)
def test_what_cannot_be_is_refused(problems: Problems, write: Write, text: str, said: str) -> None:
    found = [line.split(": ", 1)[1] for line in problems(proxy, write(text))]

    assert [line for line in found if line.startswith(said)], found


@pytest.mark.parametrize("word", ['""', '" "', '"\\u00a0"', '"a\\0b"'])
def test_a_bad_item_is_one_mistake_and_not_a_list_too_short(problems: Problems, write: Write, word: str) -> None:
    (line,) = problems(proxy, write(f"install: {{program: {{command: [{word}]}}}}\n"))

    assert "install.program.command.0: " in line


LONG = "x" * 2000
DEVIATION = "behaviour: x, why: y, url: 'https://a/'"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "install: {program: {command: ['']}}\n",
            "install.program.command.0: '' is empty or blank: leave the word out",
        ),
        ("install: {program: {command: [x, ' ']}}\n", "install.program.command.1: ' ' is empty or blank"),
        ('install: {program: {command: ["a\\0"]}}\n', r"install.program.command.0: 'a\x00' holds the character U+0000"),
        (f"install: {{program: {{command: [x, {'y' * 70_000}]}}}}\n", "install.program.command.1: 'yyyyyyyyyyyyyyyy"),
        (
            "install: {program: {command: [x, '{node-ip}']}}\n",
            "install.program.command.1: {node-ip} is not a placeholder",
        ),
        (
            "install: {program: {command: [x], environment: {'': y}}}\n",
            "install.program.environment.: '' is no name of a",
        ),
        (
            "install: {program: {command: [x], environment: {'A=B': y}}}\n",
            "install.program.environment.A=B: 'A=B' is no n",
        ),
        (
            "install: {program: {command: [x], environment: {'A B': y}}}\n",
            "install.program.environment.A B: 'A B' is no n",
        ),
        ("install: {program: {command: [x], faultOption: ' '}}\n", "install.program.faultOption: string should match"),
        (
            "install: {program: {command: [x], modes: [a, b]}}\n",
            "install.program: has modeOption or modes, which mean nothing without each other",
        ),
        (
            "install: {program: {command: [x, --mode], modeOption: --mode, modes: [a, b]}}\n",
            "install.program.modeOption: --mode is not in command; it must be, by one of modes: a, b",
        ),
        (
            "install: {program: {command: [x, --mode, c], modeOption: --mode, modes: [a, b]}}\n",
            "install.program.modeOption: --mode is followed by 'c' in command; it must be, by one of modes: a, b",
        ),
        (
            "install: {program: {command: [x], earlier: [x, '{nod}']}}\n",
            "install.program.earlier.1: {nod} is not a placeholder",
        ),
        ("install: {helm: {chart: -a, repo: 'https://a'}}\n", "install.helm.chart: '-a' is no single word, or begins"),
        ("install: {helm: {chart: a, repo: 'a b'}}\n", "install.helm.repo: 'a b' is no URL"),
        (
            "install: {helm: {chart: a, repo: 'https://me:secret@a'}}\n",
            "install.helm.repo: 'https://me:secret@a' holds a u",
        ),
        (
            "install: {helm: {chart: a, repo: 'https://a', version: '-1'}}\n",
            "install.helm.version: '-1' is no single word",
        ),
        (
            "install: {helm: {chart: a, repo: 'https://a', namespace: " + "n" * 64 + "}}\n",
            "install.helm.namespace: string",
        ),
        (
            "install: {helm: {chart: a, repo: 'https://a', values: {a: .nan}}}\n",
            "install.helm.values.a: .nan is not a fini",
        ),
        (
            SOUND + "ready: {http: 'http://a b/'}\n",
            "ready.http: 'http://a b/' is not a URL such as http://127.0.0.1:10256",
        ),
        (SOUND + 'ready: {http: "http://a/\\r\\n"}\n', "ready.http: 'http://a/\\r\\n' "),
        (SOUND + "ready: {http: 'https://a/'}\n", "ready.http: 'https://a/' is not a URL"),
        (SOUND + "ready: {http: 'http://a:0/'}\n", "ready.http: 'http://a:0/' is not a URL"),
        (SOUND + "ready: {http: 'http://a:70000/'}\n", "ready.http: 'http://a:70000/' is not a URL"),
        (SOUND + f"ready: {{http: 'http://{'a' * 64}/'}}\n", "ready.http: 'http://aaaaaaaa"),
        (
            SOUND + "ready: {http: 'http://a:b@c/'}\n",
            "ready.http: 'http://a:b@c/' is not a URL such as http://127.0.0.1",
        ),
        (SOUND + "ready: {within: 1.0e+9}\n", "ready.within: input should be less than or equal to 3600"),
        (SOUND + "convergence: -1\n", "convergence: input should be greater than or equal to 0.1 (got -1)"),
        (SOUND + "convergence: 86400\n", "convergence: input should be less than or equal to 3600 (got 86400)"),
        (SOUND + f"title: {LONG}\n", "title: 'xxxxxxxxxxxxxxxxxxxxx"),
        (SOUND + "homepage: ftp://a/\n", "homepage: 'ftp://a/' is no URL such as http://example.org/"),
        (
            SOUND + "deviations: ['external_ip_*']\n",
            "deviations.0: a deviation is a mapping of behaviour, why and url, and",
        ),
        (
            SOUND + f"deviations: [{{{DEVIATION.replace('x', 'a_*', 1)}}}]\n",
            "deviations.0.behaviour: 'a_*' is a pattern: name",
        ),
        (SOUND + "deviations: [{behaviour: x, why: ' ', url: 'https://a/'}]\n", "deviations.0.why: ' ' is empty"),
        (SOUND + "features: {all-but: sctp}\n", "features.all-but: should be a list of the features"),
        (SOUND + "features: {all-but: [stcp]}\n", "features.all-but.0: 'stcp' is unknown (did you mean sctp?)"),
        (SOUND + "features: {all-but: [[]]}\n", "features.all-but.0: [] is unknown"),
        (SOUND + "features: {allbut: [sctp]}\n", "features.allbut: unknown key (did you mean all-but?)"),
        (SOUND + "features: {also: sctp}\n", "features.also: should be a list of features that a proxy claims by name"),
        (SOUND + "features: {also: [stcp]}\n", "features.also.0: 'stcp' is unknown (did you mean sctp?)"),
        (SOUND + "features: {all-but: [sctp], also: [sctp]}\n", "features.also.0: 'sctp' is in all-but too"),
        (
            SOUND + "features: {also: [external-ips-off]}\n",
            "features: claims external-ips and external-ips-off, of which one proxy has only one",
        ),
        (
            SOUND + "features: [external-ips-off, external-ips]\n",
            "features: claims external-ips and external-ips-off, of which one proxy has only one",
        ),
        (SOUND + "features: {}\n", "features.all-but: should be a list of the features"),
    ],
    ids=lambda value: value[-50:],
)
def test_what_would_break_later_is_refused(problems: Problems, write: Write, text: str, said: str) -> None:
    found = [line.split(": ", 1)[1] for line in problems(proxy, write(text))]

    assert [line for line in found if line.startswith(said)], found

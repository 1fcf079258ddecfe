"""Secrets that must not get into evidence, and words that look like them and stay."""

import json

import pytest
import yaml

from svcproof.evidence import logs
from svcproof.evidence.manifests import as_yaml
from svcproof.evidence.redaction import REMOVED, without_secrets
from svcproof.model.evidence import Log

JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nhunter2hunter2\nhunter2\n-----END RSA PRIVATE KEY-----"


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hunter2hunter2",
        "authorization: basic aHVudGVyMjpodW50ZXIy-hunter2",
        'curl -H "Authorization: Bearer hunter2hunter2" https://example.org',
        "proxy --token=hunter2 --node node-a",
        "proxy --token hunter2 --node node-a",
        "proxy -token hunter2",
        "proxy --bootstrap-token='hunter2' --node node-a",
        '["proxy", "--token", "hunter2", "--node", "node-a"]',
        "args:\n- --token\n- hunter2\n- --node",
        "proxy --db-password hunter2",
        "DB_PASSWORD=hunter2 API_KEY=hunter2",
        "export AWS_SECRET_ACCESS_KEY=hunter2",
        'GITHUB_TOKEN="hunter2 with spaces hunter2"',
        "env:\n- name: DB_PASSWORD\n  value: hunter2\n- name: NODE\n  value: node-a",
        '{"name": "DB_PASSWORD", "value": "hunter2"}',
        r"{\"name\": \"DB_PASSWORD\", \"value\": \"hunter2\"}",
        "EnvVar{Name:DB_PASSWORD,Value:hunter2,}",
        "EnvVar{Name:DB_PASSWORD Value:hunter2}",
        'users:\n- name: me\n  user:\n    token: hunter2\n    password: hunter2\n    client-key-data: "hunter2"\n',
        '{"token": "hunter2", "clientSecret":"hunter2"}',
        "connecting to https://me:hunter2@example.org/",
        PEM,
        PEM.replace("\n", "\\n"),
        PEM.partition("-----END")[0],
        "kind: Secret\ndata:\n  a: hunter2\n  b.txt: hunter2\n",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: x\nstringData:\n  a: |\n    hunter2\n",
        '{"kind":"Secret","data":{"a":"hunter2"}}',
        r"applying {\"kind\":\"Secret\",\"data\":{\"a\":\"hunter2\"}}",
    ],
)
def test_no_secret_stays_in_a_text(text: str) -> None:
    cleaned = without_secrets(text)

    assert "hunter2" not in cleaned
    assert REMOVED in cleaned
    assert without_secrets(cleaned) == cleaned


def test_no_secret_stays_in_the_lines_of_a_log_with_times() -> None:
    text = f"{PEM}\nkind: Secret\ndata:\n  a: hunter2\nargs:\n- --token\n- hunter2\n- name: A_KEY\n  value: hunter2\n"
    lines = tuple((1000.0 + number, line) for number, line in enumerate(text.splitlines()))

    cleaned = without_secrets(logs.text(Log("proxy", "n", lines)))

    assert "hunter2" not in cleaned
    assert cleaned.count(REMOVED) == 4


def test_what_follows_half_a_private_key_by_far_stays() -> None:
    cleaned = without_secrets(PEM.partition("-----END")[0] + "\n" * 64 + "serving 3 Services\n")

    assert "hunter2" not in cleaned
    assert "serving 3 Services" in cleaned


def test_json_web_tokens_and_known_secrets_go_wherever_they_stand() -> None:
    assert without_secrets(f"got {JWT} and 0123abcd.", ["0123abcd"]) == f"got {REMOVED} and {REMOVED}."


@pytest.mark.parametrize(
    "text",
    [
        "proxy --token-file /run/token --node node-a",
        "tolerations:\n- key: node.kubernetes.io/not-ready\n  operator: Exists",
        "secret:\n  secretName: certificates",
        "I1130 serving 3 Services, after 47 ms: 10.96.0.1:443 -> [172.30.0.1:6443]",
        "ip kube-proxy map service-ips: 10.96.0.10 . tcp . 53 : goto service-NWBZK7IH-kube-system/kube-dns/tcp/dns-tcp",
        '-A KUBE-SVC-1 -m comment --comment "a/token:main -> 10.244.0.9:5353" -m statistic --mode random -j KUBE-SEP-1',
        "the secret could not be read, and no token was sent",
        "bearer of bad news",
        "tcp 6 295 ESTABLISHED src=172.30.0.1 dst=172.30.0.11 sport=6443 dport=33064 [ASSURED] mark=0 use=1",
        "\x1b[31mred\x1b[0m ]]> <script>alert(1)</script> \x00",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert without_secrets(text) == text


def test_objects_keep_the_names_of_what_is_removed() -> None:
    container = {
        "name": "c",
        "args": ["--token", "hunter2", "--api-key=hunter2", "--node", "a"],
        "env": [{"name": "DB_PASSWORD", "value": "hunter2"}, {"name": "NODE", "value": "a"}],
    }
    pod = {
        "kind": "Pod",
        "metadata": {
            "name": "p",
            "managedFields": [{}],
            "annotations": {
                "example.org/token": "hunter2",
                "note": f"see {JWT}",
                "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"spec": {"containers": [container]}}),
            },
        },
        "spec": {"containers": [container], "volumes": [{"secret": {"secretName": "certificates"}}]},
    }
    secret = {
        "kind": "Secret",
        "metadata": {"name": "s"},
        "data": {"a": "aHVudGVyMg=="},
        "stringData": {"b": "hunter2"},
    }

    text = as_yaml([pod, secret])

    assert not {"hunter2", "aHVudGVyMg", JWT, "managedFields"} & {
        word for word in ("hunter2", "aHVudGVyMg", JWT, "managedFields") if word in text
    }
    assert without_secrets(as_yaml([pod])) == as_yaml([pod])
    kept_pod, kept_secret = yaml.safe_load_all(text)
    assert kept_pod["spec"]["containers"][0]["args"] == ["--token", REMOVED, f"--api-key={REMOVED}", "--node", "a"]
    assert kept_pod["spec"]["containers"][0]["env"] == [
        {"name": "DB_PASSWORD", "value": REMOVED},
        {"name": "NODE", "value": "a"},
    ]
    assert kept_pod["spec"]["volumes"] == [{"secret": {"secretName": "certificates"}}]
    assert kept_secret["data"] == {"a": REMOVED}
    assert kept_secret["stringData"] == {"b": REMOVED}


def test_hostile_strings_in_objects_are_data_of_the_yaml() -> None:
    hostile = "\x1b[31m]]> <script>\n--- kind: Other\n\x07"

    [read] = yaml.safe_load_all(as_yaml([{"kind": "Pod", "metadata": {"annotations": {"a": hostile}}}]))

    assert read["metadata"]["annotations"] == {"a": hostile}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "piece", ["a.", "a-", "A_", "-----BEGIN PRIVATE KEY-----\n", "name: A_KEY ", "x://a:", "/token", '"', '\\"']
)
def test_a_long_text_of_anything_is_cleaned_in_time(piece: str) -> None:
    without_secrets(piece * ((1 << 20) // len(piece)) + "kind: Secret")

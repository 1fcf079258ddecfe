"""Bodies as `kubectl create` and kube-proxy send them: in protobuf, kept here in base64."""

import base64
import json
from pathlib import Path

from tests.goldens.step import post

BODIES = json.loads(Path(__file__).with_name("bodies.json").read_text())
MEDIA = {"Content-Type": "application/vnd.kubernetes.protobuf", "Accept": "application/json"}
STEPS = tuple(
    post(name, one["path"], base64.b64decode(one["body"]), headers=MEDIA) for name, one in sorted(BODIES.items())
)

"""The lab's API server as a program, for a proxy beside it: `api_server.py DIRECTORY PORT`."""

import sys
from pathlib import Path

from aiohttp import web

from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.layout import LabConfig, NodeConfig, layout
from svcproof.lab.process import certificates, kubeconfig
from svcproof.lab.serving import server_context

TOKEN = "secret"
CONFIG = LabConfig(nodes=(NodeConfig("node-a", "zone-a"),))

if __name__ == "__main__":
    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    places = layout(CONFIG)
    if not (directory / "ca.crt").exists():
        certificates.write(directory, places)
    authority = directory / "ca.crt"
    kubeconfig.write(directory / "kubeconfig", server=f"https://127.0.0.1:{port}", authority=authority, token=TOKEN)
    app = application(ApiConfig(layout=places, token=TOKEN, authority=authority.read_text()))
    context = server_context(directory)
    web.run_app(app, host="127.0.0.1", port=port, ssl_context=context, print=None, shutdown_timeout=0.1)

"""The lab's API server as a program, for a proxy beside it: `api_server.py DIRECTORY PORT`."""

import sys
from pathlib import Path

from aiohttp import web

from svcproof.lab.apiserver import ApiConfig, application
from svcproof.lab.layout import LabConfig, NodeConfig, layout
from svcproof.lab.process.credentials import write_certificates, write_kubeconfig
from svcproof.lab.serving import server_context

TOKEN = "secret"
CONFIG = LabConfig(nodes=(NodeConfig("node-a", "zone-a"),))

if __name__ == "__main__":
    directory, port = Path(sys.argv[1]), int(sys.argv[2])
    places = layout(CONFIG)
    if not (directory / "ca.crt").exists():
        write_certificates(directory, places)
    authority = directory / "ca.crt"
    write_kubeconfig(directory / "kubeconfig", server=f"https://127.0.0.1:{port}", authority=authority, token=TOKEN)
    app = application(ApiConfig(layout=places, token=TOKEN, authority=authority.read_text()))
    context = server_context(directory)
    web.run_app(app, host="127.0.0.1", port=port, ssl_context=context, print=None, shutdown_timeout=0.1)

"""A page without mistakes, with a place in its body for others."""

SOUND = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title></head>
<body><main><h1>A page</h1><p id="hint">Text</p><label>Name <input aria-describedby="hint"></label>
{}</main></body></html>"""

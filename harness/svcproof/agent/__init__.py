"""The agent that runs in pods (`pod/`), and its client: channels, vantages."""

"""Programs that stand in for images; standard library only, run inside containers, where they are at /opt/image."""

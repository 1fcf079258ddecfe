#!/bin/sh
exec python3 /opt/image/start_agnhost.py "$@"

"""`python3 /opt/image/start_agnhost.py COMMAND ...` runs the package beside it."""

import runpy

if __name__ == "__main__":
    runpy.run_module("agnhost", run_name="__main__", alter_sys=True)

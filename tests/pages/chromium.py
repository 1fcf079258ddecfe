"""The Chromium that pages are tested in: the system's, as scripts/chromium installs it."""

import os
import shutil
from functools import cache

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
VARIABLE = "SVCPROOF_CHROMIUM"
"""The environment variable that names another Chromium."""
WHY_NOT = (
    "there is no Chromium: sudo apt-get install -y --no-install-recommends chromium-headless-shell, "
    f"or have {VARIABLE} name one"
)


@cache
def program() -> str:
    """The path of the Chromium to use; empty where there is none."""
    return os.environ.get(VARIABLE) or next(filter(None, map(shutil.which, NAMES)), "")

"""What holds for all tests of the project itself."""

import signal


def pytest_configure() -> None:
    """Heed SIGINT: what a shell starts in the background is deaf to it, and so would be the programs under test."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)

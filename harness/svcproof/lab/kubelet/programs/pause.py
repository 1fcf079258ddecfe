"""A stand-in for registry.k8s.io/pause, which does nothing until it is ended."""

import signal

if __name__ == "__main__":
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    signal.sigwait(ends)

"""The pauses before something is tried again, as the kubelet makes them: 10 s, doubled up to 5 minutes."""

FIRST, LONGEST = 10.0, 300.0


class Backoff:
    """Grows with each call of `next`; `immediate` makes the first pause none."""

    def __init__(self, *, immediate: bool) -> None:
        self._pause = 0.0 if immediate else FIRST

    def next(self) -> float:
        """Seconds to wait now."""
        pause = self._pause
        self._pause = min(max(pause * 2, FIRST), LONGEST)
        return pause

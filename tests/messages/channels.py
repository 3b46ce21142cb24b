"""A channel that remembers what it carried, and fails when it is told to."""

import pytest

from palabre.messages import channels
from palabre.messages.errors import NotSent


class Carrier:
    """Stands for a mail server or a firm that carries SMS."""

    def __init__(self) -> None:
        self.carried: list[tuple[str, str, str]] = []
        self.refuses: NotSent | None = None
        self.dies = False

    def send(self, to: str, subject: str, body: str, off: str = "") -> None:  # noqa: ARG002
        if self.dies:
            raise KeyboardInterrupt
        if self.refuses is not None:
            raise self.refuses
        self.carried.append((to, subject, body))


def carry_everything(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """As in an installation that has both a mail server and a firm for SMS."""
    made = Carrier()
    monkeypatch.setattr(channels, "channel", lambda _kind: made)
    return made

"""A wait that is shown once it is long enough to be noticed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from threading import Thread

from bokko_cli.output.voice import Spin

NOTICED_SECONDS = 0.15


@contextmanager
def shown_when_long(spin: Spin, text: str) -> Iterator[Callable[[str], None]]:
    """Spin while the block lasts, from NOTICED_SECONDS on; the function handed out changes the words.

    On a thread of its own: to load what spins takes as long as a quick answer, and would put off the asking.
    """
    words: SimpleQueue[str | None] = SimpleQueue()
    spinning = Thread(target=_spin_until_over, args=(spin, text, words), daemon=True)
    spinning.start()
    try:
        yield words.put
    finally:
        words.put(None)
        spinning.join()


def _spin_until_over(spin: Spin, text: str, words: SimpleQueue[str | None]) -> None:
    try:
        first = words.get(timeout=NOTICED_SECONDS)
    except Empty:
        first = text
    if first is None:
        return
    # A terminal that is gone stops the spinner and nothing else.
    with suppress(OSError, ValueError), spin(first) as change:
        while (news := words.get()) is not None:
            change(news)

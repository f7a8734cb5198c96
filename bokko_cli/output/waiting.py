"""What is shown of a wait that is long enough to be noticed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from queue import Empty, SimpleQueue
from threading import Thread

NOTICED_SECONDS = 0.15
LONG_SECONDS = 2.0
"""After that a wait is said to somebody for whom nothing moves."""
Change = Callable[[str], None]
Spin = Callable[[str], AbstractContextManager[Change]]


@contextmanager
def shown_when_long(spin: Spin, text: str, noticed: float = NOTICED_SECONDS) -> Iterator[Change]:
    """Spin while the block lasts, from so many seconds on; the function handed out changes the words.

    On a thread of its own: to load what spins takes as long as a quick answer, and would put off the asking.
    """
    words: SimpleQueue[str | None] = SimpleQueue()
    spinning = Thread(target=_spin_until_over, args=(spin, text, words, noticed), daemon=True)
    has_started = False
    with suppress(RuntimeError):  # no thread is left for it: then nothing spins
        spinning.start()
        has_started = True
    try:
        yield words.put
    finally:
        words.put(None)
        if has_started:
            spinning.join()


def _spin_until_over(spin: Spin, text: str, words: "SimpleQueue[str | None]", noticed: float) -> None:
    try:
        first = words.get(timeout=noticed)
    except Empty:
        first = text
    if first is None:
        return
    # A terminal that is gone, or no thread for what turns, stops the spinner and nothing else.
    with suppress(OSError, ValueError, RuntimeError), spin(first) as change:
        while (news := words.get()) is not None:
            change(news)

"""Strikes a command with a signal at the N-th step between an answer and the next question's first drawing.

Steps are the functions that the main thread enters and leaves in `WATCHED`, each noted the first time and the last.
Told by `STEPS_LOG` (a line for each step), `STEPS_BEHIND` (the answer's number, from 0), `STEPS_AT` (a step as the
log has it; nothing strikes where it is empty) and `STEPS_BY` (a signal's name).
"""

import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.renderer import Renderer

WATCHED = ("asyncio.", "contextlib", "prompt_toolkit.application", "prompt_toolkit.input", "prompt_toolkit.renderer")
OURS = "bokko_cli.prompter"


class CountedSteps:
    """The steps so far."""

    def __init__(self, log: Path, behind: int, at: str, by: str) -> None:
        self._log = log
        self._behind = behind
        self._at = at
        self._by = signal.Signals[by]
        self._begun = 0
        self._answered: object = None
        self._count: Counter[str] = Counter()

    def begin(self, application: object) -> None:
        """Count from the answer to one question on."""
        if self._begun == self._behind:
            self._answered = application
            sys.setprofile(self._step)
        self._begun += 1

    def end(self, application: object) -> None:
        """Count no more, once the next question is drawn."""
        if sys.getprofile() is None or application is self._answered:
            return
        sys.setprofile(None)
        if self._at:
            os.kill(os.getpid(), self._by)  # a run may take fewer steps than the one that was logged
        else:
            last = [f"{step} {times}\n" for step, times in self._count.items() if times > 1]
            self._log.write_text("".join([*(f"{step} 1\n" for step in self._count), *last]), "utf-8")

    def _step(self, frame: FrameType, event: str, _: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event not in {"call", "return"} or not module.startswith((*WATCHED, OURS)):
            return
        step = f"{event} {module}.{frame.f_code.co_qualname}"
        self._count[step] += 1
        if f"{step} {self._count[step]}" == self._at:
            sys.setprofile(None)
            os.kill(os.getpid(), self._by)


def watch() -> None:
    """Begin, as the environment says."""
    at, by = os.environ["STEPS_AT"], os.environ["STEPS_BY"]
    steps = CountedSteps(Path(os.environ["STEPS_LOG"]), int(os.environ["STEPS_BEHIND"]), at, by)
    leave, render = Application.exit, Renderer.render

    def left(self: Any, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 -- as `exit` takes them
        steps.begin(self)
        leave(self, *arguments, **options)

    def rendered(self: Renderer, app: Any, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 -- the same
        render(self, app, *arguments, **options)
        steps.end(app)

    Application.exit = left  # type: ignore[method-assign]
    Renderer.render = rendered  # type: ignore[method-assign]

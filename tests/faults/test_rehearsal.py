"""A rehearsal that is killed, interrupted, crowded or out of space: nothing is left that its note does not name."""

import errno
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests import preloaded
from tests.fake_billingo import FakeBillingo
from tests.faults.killing import StruckRun, fail_at, kill_before, undisturbed
from tests.ledger import Books, Mishap
from tests.servers import Hang, Reset, ScriptedAnswer, Seen, Server

ALL_STEPS = ["write_access", "partner", "draft", "read_back", "delete_draft", "delete_partner"]
REHEARSE = ("billingo", "rehearse", "--yes", "--json")
CLEAN = ("billingo", "rehearse", "--clean", "--json")


@dataclass
class RehearsalScene:
    """A connected profile of its own, and the books at its Billingo."""

    command: list[str]
    env: dict[str, str]
    books: Books = field(default_factory=Books)
    running: subprocess.Popen[str] | None = None

    def argv(self, *arguments: str) -> list[str]:
        return [*self.command, *arguments]

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        self.running = subprocess.Popen(
            self.argv(*arguments), env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        return self.running

    def run(self, *arguments: str) -> tuple[int, dict[str, object]]:
        """Run to the end; return exit code and document, empty for one that was killed."""
        with self.start(*arguments) as running:
            out, err = running.communicate(timeout=60)
        assert "Traceback" not in err, err
        return running.returncode, json.loads(out or "{}")

    def send(self, sign: signal.Signals) -> None:
        """Send a signal to the command that is running."""
        assert self.running
        os.kill(self.running.pid, sign)

    @property
    def note(self) -> Path:
        return Path(self.env["BOKKO_CONFIG_DIR"], "default.billingo.rehearsal.json")

    @property
    def is_clean(self) -> bool:
        return not (self.books.partners or self.books.documents)

    def assert_clean_up_leaves_nothing(self) -> None:
        """Whatever happened: what is left is noted, and goes."""
        assert self.is_clean or self.note.exists()
        if self.note.exists():
            os.utime(self.note, (0, 0))  # long ago: nothing of it is still on its way
        self.books.faults.clear()
        if self.is_clean and not self.note.exists():
            return
        ran = preloaded.run(self.argv(*CLEAN), self.env)
        assert (ran.returncode, json.loads(ran.stdout)["left_behind"]) == (0, []), ran.stderr
        assert self.is_clean
        assert not self.note.exists()


@dataclass
class Ground:
    """One server and one connected folder for all scenes, which are copies."""

    command: list[str]
    home: Mapping[str, str]
    url: str
    template: Path
    scenes: list[RehearsalScene] = field(default_factory=list)

    def scene(self, folder: Path) -> RehearsalScene:
        shutil.copytree(self.template, folder)
        scene = RehearsalScene(
            self.command, {**self.home, "BOKKO_CONFIG_DIR": str(folder), "BOKKO_BILLINGO_URL": self.url}
        )
        self.scenes.append(scene)
        return scene


@pytest.fixture(scope="module")
def ground(command: list[str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    house = tmp_path_factory.mktemp("rehearsal")
    fake, scenes = FakeBillingo(), list[RehearsalScene]()

    def answer(seen: Seen) -> ScriptedAnswer:
        is_read = seen.path.removeprefix("/v3").split("/")[1] in {"organization", "document-blocks", "bank-accounts"}
        return fake.answer(seen) if is_read or not scenes else scenes[-1].books.answer(seen)

    home = {"PATH": os.environ["PATH"], "HOME": str(house), "LANG": "C.UTF-8"}
    with Server(answer) as server:
        made = Ground(command, home, f"{server.url}/v3", house / "template", scenes)
        connect = ("billingo", "connect", "--api-key-stdin", "--key-storage", "file", "--no-input")
        done = subprocess.run(
            [*command, *connect, "--block", "40101", "--bank-account", "7001"],
            env={**home, "BOKKO_CONFIG_DIR": str(made.template), "BOKKO_BILLINGO_URL": made.url},
            input=fake.key,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture
def scene(ground: Ground, tmp_path: Path) -> RehearsalScene:
    return ground.scene(tmp_path / "settings")


def striking(scene: RehearsalScene, sign: signal.Signals, *, acts: bool) -> Mishap:
    """Send a signal when the request is there: before it is done, or when it is and before the answer."""

    def fault(books: Books, seen: Seen) -> ScriptedAnswer:
        if acts:
            books.act(seen)
        scene.send(sign)
        return Reset()

    return fault


kill = getattr(signal, "SIGKILL", signal.SIGTERM)
each_step = pytest.mark.parametrize("step", ALL_STEPS)


@each_step
@pytest.mark.parametrize("acts", [False, True], ids=["before the request", "after the request"])
def test_killed_rehearsal_is_cleaned_up_later(scene: RehearsalScene, step: str, acts: bool) -> None:
    scene.books.faults[step] = striking(scene, kill, acts=acts)
    code, document = scene.run(*REHEARSE)
    assert (code, document) == (-kill, {})
    assert scene.note.exists()
    scene.assert_clean_up_leaves_nothing()


def test_killed_rehearsal_is_cleaned_up_by_the_next_one(scene: RehearsalScene) -> None:
    scene.books.faults["draft"] = striking(scene, kill, acts=True)
    scene.run(*REHEARSE)
    assert not scene.is_clean
    scene.books.faults.clear()
    code, document = scene.run(*REHEARSE)
    assert (code, document["outcome"]) == (0, "passed")
    assert scene.is_clean
    assert not scene.note.exists()


def test_nothing_is_made_before_what_is_left_is_gone(scene: RehearsalScene) -> None:
    scene.books.faults["draft"] = striking(scene, kill, acts=True)
    scene.run(*REHEARSE)
    scene.books.faults = {"find_draft": lambda _books, _seen: Reset()}
    before = len(scene.books.steps)
    code, document = scene.run(*REHEARSE)
    assert (code, document["code"]) == (6, "unreachable")
    assert {*scene.books.steps[before:]} == {"find_draft"}
    scene.assert_clean_up_leaves_nothing()


def pressing(scene: RehearsalScene) -> Mishap:
    """Press Ctrl-C while a request is under way, which is then answered as ever."""

    def fault(books: Books, seen: Seen) -> ScriptedAnswer:
        scene.send(signal.SIGINT)
        return books.act(seen)

    return fault


CLEANED = {
    "write_access": ["write_access"],
    "partner": ["write_access", "partner", "delete_partner"],
    "draft": ["write_access", "partner", "draft", "find_draft", "delete_draft", "delete_partner"],
}
"""What is sent where Ctrl-C comes at a step: a draft that was not read back is looked for by our own name first."""


@each_step
def test_ctrl_c_cleans_up_before_it_leaves(scene: RehearsalScene, step: str) -> None:
    scene.books.faults[step] = pressing(scene)
    code, document = scene.run(*REHEARSE)
    assert code == 130
    assert document["error"]["code"] == "cancelled"  # type: ignore[index]  # an object
    assert scene.is_clean
    assert not scene.note.exists()
    assert scene.books.steps == CLEANED.get(step, ALL_STEPS)


@pytest.mark.parametrize("step", ["partner", "draft", "read_back", "delete_draft"])
def test_second_ctrl_c_leaves_at_once_and_the_note_stays(scene: RehearsalScene, step: str) -> None:
    def twice(books: Books, seen: Seen) -> ScriptedAnswer:
        books.act(seen)
        scene.send(signal.SIGINT)
        assert scene.running
        assert scene.running.stderr
        for line in scene.running.stderr:  # the first one is told
            if "Ctrl-C" in line:
                break
        scene.send(signal.SIGINT)
        return Hang()

    scene.books.faults[step] = twice
    with scene.start("billingo", "rehearse", "--yes") as running:
        assert running.wait(timeout=30) == 130
    assert scene.note.exists()
    scene.assert_clean_up_leaves_nothing()


def test_two_at_once_take_turns(scene: RehearsalScene) -> None:
    with scene.start(*REHEARSE) as first, scene.start(*REHEARSE) as second:
        codes = sorted([first.wait(timeout=60), second.wait(timeout=60)])
    assert codes in ([0, 0], [0, 7])
    assert scene.books.steps == ALL_STEPS * codes.count(0)
    assert scene.is_clean


@pytest.mark.exhaustive
def test_full_disk_at_any_write_leaves_nothing_unnamed(ground: Ground, tmp_path: Path) -> None:
    named = undisturbed_in(ground, tmp_path).writes
    for number, (name, last) in enumerate(zip(named, ["", *named], strict=False), 1):
        if name == last:  # an open file that is wrapped
            continue
        scene = ground.scene(tmp_path / f"full-{number}")
        ended = fail_at(scene.argv(*REHEARSE), scene.env, number, errno.ENOSPC)
        assert "Traceback" not in ended.stderr, name
        if ended.returncode == 7:
            assert json.loads(ended.stdout)["error"]["code"] == "storage_failed", name
            assert "draft" not in scene.books.steps or scene.is_clean, name
        scene.assert_clean_up_leaves_nothing()


def test_kill_before_any_write_leaves_nothing_unnamed(ground: Ground, tmp_path: Path) -> None:
    for number in undisturbed_in(ground, tmp_path).turns:
        scene = ground.scene(tmp_path / f"killed-{number}")
        kill_before(scene.argv(*REHEARSE), scene.env, number)
        scene.assert_clean_up_leaves_nothing()


def undisturbed_in(ground: Ground, tmp_path: Path) -> StruckRun:
    scene = ground.scene(tmp_path / "undisturbed")
    return undisturbed(scene.argv(*REHEARSE), scene.env)


def test_nothing_at_all_is_sent_where_there_is_no_room_for_the_note(ground: Ground, tmp_path: Path) -> None:
    named = undisturbed_in(ground, tmp_path).writes
    first = next(number for number, name in enumerate(named, 1) if "rehearsal.json" in name)
    scene = ground.scene(tmp_path / "full")
    ended = fail_at(scene.argv(*REHEARSE), scene.env, first, errno.ENOSPC)
    assert (ended.returncode, scene.books.steps) == (7, [])

"""Tables that are spread over a settings file are written like any other, and lose no comment."""

import tomllib
from collections.abc import Mapping
from itertools import permutations
from pathlib import Path

import pytest

from bokko_cli.store.layout import gathered
from bokko_cli.store.toml_file import rewritten

HEAD = '# top\nschema = 1\nactive_provider = "billingo"\n'
PIECES = (
    '[billingo] # at billingo\nendpoint = "https://x" # in billingo\ntax_number = "1"\n',
    '# above key\n[billingo.api_key]\nstorage = "keyring"\nslot = "a" # in key\n',
    '[billingo.rehearsal]\noutcome = "passed"\n',
    "# above mine\n[mine]\nx = 1\n\n[[mine.more]]\ny = 1\n[[mine.more]]\ny = 2\n",
    "[billingo.own.deep]\nz = [1, # in own\n 2]\n",
)  # fmt: skip
COMMENTS = ("top", "at billingo", "in billingo", "above key", "above mine", "in own")


def connected(content: Mapping[str, object]) -> Mapping[str, object]:
    """Change as a new connect does: settings that are new, others that go, and no rehearsal."""
    old = content["billingo"]
    assert isinstance(old, Mapping)
    key = {"storage": "env", "slot": None}
    return {**content, "billingo": {**old, "tax_number": None, "capable": True, "api_key": key, "rehearsal": None}}


@pytest.mark.parametrize("order", [*permutations(range(len(PIECES)))], ids=lambda order: "".join(map(str, order)))
def test_every_order_of_tables_is_written_with_all_comments(tmp_path: Path, order: tuple[int, ...]) -> None:
    path = tmp_path / "default.toml"
    path.write_text("\n".join([HEAD, *(PIECES[index] for index in order)]), "utf-8")
    written = rewritten(path, connected)
    assert tomllib.loads(written) == {
        "schema": 1,
        "active_provider": "billingo",
        "billingo": {
            "endpoint": "https://x", "capable": True, "api_key": {"storage": "env"}, "own": {"deep": {"z": [1, 2]}},
        },
        "mine": {"x": 1, "more": [{"y": 1}, {"y": 2}]},
    }  # fmt: skip
    assert not [comment for comment in COMMENTS if f"# {comment}" not in written]


@pytest.mark.parametrize("break_", ["\n", "\r\n"])
def test_pieces_come_together_with_the_comments_above_them(break_: str) -> None:
    spread = "# a\n[b.c]\nx = 1\n\n# note\n[other]\n# on b\n# more\n[b]\ny = 2 # y\n# last"
    together = "# on b\n# more\n[b]\ny = 2 # y\n# last\n# a\n[b.c]\nx = 1\n\n# note\n[other]\n"
    assert gathered(spread.replace("\n", break_)).replace("\r\n", "\n") == together


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "a = 1",
        "# only\n# comments",
        "[b]\n[b.c]\n[d]\n",
        "[[b]]\nx = 1\n[b.c]\ny = 1\n[[b]]\nx = 2\n[b.c]\ny = 2\n",
        "['b']\n[ \"b\" . c ]\n[d]\n",
        'a = """\n[c]\n[b]\n[c]\n"""\n',
        "a = [\n[1],\n[2]\n]\n[b]\n",
        "not = = toml\n[c]\n[b]\n[c.d]\n",
    ],
)
def test_what_stands_together_or_cannot_be_told_apart_stays_as_it_is(text: str) -> None:
    assert gathered(text) == text


@pytest.mark.parametrize("behind", ["# mine\n[other]\n", "\n# mine\n\n# and mine\n[billingo.own]\nx = 1\n", "# mine\n"])
def test_comment_behind_a_table_inside_that_goes_stays(tmp_path: Path, behind: str) -> None:
    path = tmp_path / "default.toml"
    path.write_text(f'[billingo]\na = 1\n\n[billingo.rehearsal]\noutcome = "passed"\n{behind}', "utf-8")

    def forget(content: Mapping[str, object]) -> Mapping[str, object]:
        old = content["billingo"]
        assert isinstance(old, Mapping)
        return {**content, "billingo": {**old, "rehearsal": None}}

    assert rewritten(path, forget) == f"[billingo]\na = 1\n\n{behind}"

"""What is typed before a question is there: dropped, but for a Ctrl-C."""

import pytest
from prompt_toolkit.input import DummyInput
from prompt_toolkit.input.typeahead import store_typeahead
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys

from bokko_cli.prompter.leaving_keys import forget_typeahead


@pytest.mark.parametrize(
    ("keys", "leaves"),
    [
        ([], False),
        (["x", Keys.Enter], False),
        ([Keys.ControlC], True),
        ([Keys.Enter, Keys.ControlC, "x"], True),
    ],
)
def test_ctrl_c_leaves_and_all_else_is_forgotten(keys: list[str | Keys], leaves: bool) -> None:
    terminal = DummyInput()
    store_typeahead(terminal, [KeyPress(key) for key in keys])
    assert forget_typeahead(terminal) == leaves
    assert not forget_typeahead(terminal)

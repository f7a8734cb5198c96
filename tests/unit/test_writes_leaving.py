"""All that can leave the program for a provider, read from the source: whoever adds a request has to add it here."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bokko_cli

PACKAGE = Path(str(bokko_cli.__file__)).parent
MODULES = [path for folder in ("providers", "network") for path in sorted((PACKAGE / folder).rglob("*.py"))]


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def _called(*ends: str) -> set[tuple[str, str, str]]:
    """Return the calls whose name ends so: in which module, of what, and with what first."""
    return {
        (path.relative_to(PACKAGE).as_posix(), name.rpartition(".")[2], ast.unparse(call.args[0]) if call.args else "")
        for path in MODULES
        for name, call in _calls(path)
        if name.endswith(ends)
    }


def test_only_two_things_can_be_made_and_two_deleted() -> None:
    assert _called(".post_json", ".delete", ".post_file") == {
        ("providers/billingo/writes.py", "post_json", "'/partners'"),
        ("providers/billingo/writes.py", "post_json", "'/documents'"),
        ("providers/billingo/writes.py", "delete", "f'/partners/{partner:d}'"),
        ("providers/billingo/writes.py", "delete", "f'/documents/{draft:d}'"),
        ("providers/szamlazz/provider.py", "post_file", "'/'"),
    }


def test_the_client_knows_three_methods() -> None:
    assert _called("self._send") == {("network/client.py", "_send", f"'{how}'") for how in ("GET", "POST", "DELETE")}
    assert _called("client.put", ".patch", ".post", ".request", ".stream", ".build_request", "httpx.Client") == set()


def test_a_document_is_sent_as_a_draft_that_is_mailed_to_nobody() -> None:
    source = ast.parse((PACKAGE / "providers/billingo/writes.py").read_text("utf-8"))
    sent = [
        ast.unparse(node.args[1]) for node in ast.walk(source) if isinstance(node, ast.Call) and _makes_document(node)
    ]
    assert sent == ["{**fields, 'type': _DRAFT, 'settings': {'should_send_email': False}}"]
    assigned = [ast.unparse(node) for node in ast.walk(source) if isinstance(node, ast.Assign)]
    assert [line for line in assigned if line.startswith("_DRAFT")] == ["_DRAFT = 'draft'"]


def _makes_document(node: ast.Call) -> bool:
    return bool(node.args) and ast.unparse(node.args[0]) == "'/documents'"

"""`doctor` as it is run: what it prints, that it survives, and that it gives nothing away."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bokko_cli.errors import ExitCode
from bokko_cli.model.public_findings import SECTIONS
from tests.certificates import EXPIRED, tls_server
from tests.fake_billingo import FakeBillingo
from tests.servers import Server, json_answer
from tests.unit.conftest import CommandLine

CONNECT = (
    "billingo", "connect", "--api-key-stdin", "--block", "40101", "--bank-account", "7001", "--no-input",
    "--tax-number", "13421739-2-41", "--key-storage", "file",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    home = tmp_path / "anna.kovacs"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    yield
    logging.getLogger("bokko").handlers.clear()  # what --debug puts in


def examined(bokko: CommandLine, *words: str, **environ: str) -> tuple[int, Any]:
    ran = bokko("doctor", *words, "--json", **environ)
    document = json.loads(ran.out)
    return ran.code, {(item["section"], item["item"]): item for item in document["items"]} | {"ok": document["ok"]}


def test_document_has_every_section_and_every_field(bokko: CommandLine) -> None:
    document = json.loads(bokko("doctor", "--offline", "--json").out)
    assert (document["schema"], document["ok"]) == (1, True)
    assert {item["section"] for item in document["items"]} == set(SECTIONS)
    for item in document["items"]:
        assert {*item} == {"section", "item", "level", "message", "fix"}
        assert (item["fix"] is None) is (item["level"] == "ok")


def test_people_see_each_item_below_its_heading_and_the_sum_at_the_end(bokko: CommandLine) -> None:
    ran = bokko("doctor", "--offline", BOKKO_PROFILE="No!")
    assert ran.code == ExitCode.NOT_READY
    lines = ran.out.splitlines()
    assert [line for line in lines if re.fullmatch(r"\w[\w ]*:", line)] == [
        "Program:", "Environment:", "Settings:", "Keyring:", "Network:", "Connections:", "Left over:",
    ]  # fmt: skip
    at = lines.index("  ✗ Problem: BOKKO_PROFILE is set, but its value is not a valid profile name.")
    assert lines[at + 1].startswith("    → Set it to")
    assert lines[-1].startswith("Result: 1 problem, ")


def test_providers_are_asked_without_a_key_connected_or_not(bokko: CommandLine) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        urls = {"BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_SZAMLAZZ_URL": f"{server.url}/szamla/"}
        assert bokko(*CONNECT, given=fake.key, **urls).code == ExitCode.DONE
        server.seen.clear()
        _, found = examined(bokko, **urls)
        assert found["network", "billingo.answer"]["level"] == "ok"
        assert found["network", "szamlazz.answer"]["level"] == "ok"
        assert len(server.seen) == 2
        for seen in server.seen:
            assert fake.key not in f"{seen.headers}{seen.body!r}{seen.path}"
            assert "x-api-key" not in seen.headers


def test_offline_sends_nothing(bokko: CommandLine) -> None:
    with Server(lambda _: json_answer(200, {})) as server:
        urls = {"BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_SZAMLAZZ_URL": f"{server.url}/szamla/"}
        code, _ = examined(bokko, "--offline", **urls)
        assert (code, server.seen) == (0, [])


def test_server_whose_clock_differs_is_told(bokko: CommandLine) -> None:
    past = {"Date": "Mon, 01 Jan 2001 00:00:00 GMT"}
    with Server(lambda _: json_answer(200, {}, past)) as server:
        urls = {"BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_SZAMLAZZ_URL": f"{server.url}/szamla/"}
        code, found = examined(bokko, **urls)
    assert code == ExitCode.NOT_READY
    assert "ahead" in found["network", "clock"]["message"]


def test_certificate_that_has_expired_is_told(
    bokko: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server(tmp_path, EXPIRED) as (url, file), Server(lambda _: json_answer(200, {})) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        code, found = examined(bokko, BOKKO_BILLINGO_URL=url, BOKKO_SZAMLAZZ_URL=server.url)
    assert code == ExitCode.NOT_READY
    assert "expired" in found["network", "billingo.tls"]["message"]


@pytest.mark.parametrize(
    "environ",
    [
        {"BOKKO_PROFILE": "../../etc"},
        {"BOKKO_CONFIG_DIR": "~nosuchuser/bokko"},
        {"BOKKO_CONFIG_DIR": "/dev/null/bokko"},
        {"HOME": "", "BOKKO_CONFIG_DIR": "~/bokko"},
        {"HOME": "/nowhere/at/all", "BOKKO_CONFIG_DIR": ""},
        {"PYTHON_KEYRING_BACKEND": "no.such.Backend"},
        {"BOKKO_BILLINGO_URL": "ftp://\x1b[2J", "BOKKO_SZAMLAZZ_URL": "https://[", "SSL_CERT_FILE": "/nowhere"},
        {"HTTPS_PROXY": "socks4://anna:secret@127.0.0.1"},
    ],
    ids=" ".join,
)
def test_it_survives_whatever_the_environment_says(bokko: CommandLine, environ: dict[str, str]) -> None:
    ran = bokko("doctor", "--offline", "--json", **environ)
    assert ran.code in {0, 5}
    assert {item["section"] for item in json.loads(ran.out)["items"]} == set(SECTIONS)
    assert not [item for item in json.loads(ran.out)["items"] if item["item"] == "unforeseen"]


def test_profile_that_is_named_in_a_wrong_way_is_refused_as_everywhere(bokko: CommandLine) -> None:
    assert bokko("--profile", "No!", "doctor").code == ExitCode.USAGE


def test_nothing_is_given_away(bokko: CommandLine, tmp_path: Path) -> None:
    """All that must not be seen, in every place that doctor looks at; and not a trace of it in what it prints."""
    fake = FakeBillingo()
    folder = tmp_path / "anna.kovacs" / "settings-of-kovacs"
    with Server(fake.answer) as server:
        environ = {
            "BOKKO_CONFIG_DIR": str(folder),
            "BOKKO_BILLINGO_URL": f"{server.url}/v3",
            "BOKKO_SZAMLAZZ_URL": f"{server.url}/secret-path/",
            "BOKKO_SZAMLAZZ_AGENT_KEY": "agentkey0agentkey1agentkey2agentkey3agentk",
            "BOKKO_PROFILE": "shop",
            "BOKKO_SECRETISH": "odd-value-1",
            "LANG": "hu_HU.odd-value-2",
            "NO_PROXY": "odd-value-3.example",
        }
        for profile in ("shop", "bolt", "zoo", "attic"):
            assert bokko("--profile", profile, *CONNECT, given=fake.key, **environ).code == ExitCode.DONE
        bolt = folder / "bolt.toml"
        bolt.write_text(bolt.read_text("utf-8").replace('"27%"', f'"{fake.key}"'), "utf-8")
        zoo = folder / "zoo.toml"
        zoo.write_text(zoo.read_text("utf-8") + f"\n{fake.key} = {fake.key}\n", "utf-8")
        (folder / "attic.toml").unlink()
        (folder / "shop.secrets.toml").chmod(0o644)
        (folder / ".shop.billingo.unswept").touch()
        (folder / "shop.billingo.rehearsal.json").write_text("odd-value-4", "utf-8")
        (folder / f"{fake.key}.txt").touch()
        outputs = []
        for words in ((), ("--json",), ("--debug",)):
            ran = bokko("doctor", *words, **environ)
            outputs.append(ran.out)
            if "--debug" not in words:
                outputs.append(ran.err)
    told = "\n".join(outputs)
    assert "zoo.toml" in told
    assert "default_vat_rate" in told
    assert "attic.billingo.file.a" in told
    hidden = [
        fake.key, fake.key[-4:], "agentkey", "13421739", "11773016", "Webshop", "OTP", "40101", "7001", "odd-value",
        "kovacs.", "anna", str(tmp_path), "secret-path", server.url.rpartition(":")[2],
    ]  # fmt: skip
    assert [text for text in hidden if text in told.replace("kovacs/", "/")] == []

"""A wrong value of a flag is told with flag, value and what was probably meant, all of them at once."""

import shlex
from pathlib import Path

import pytest

from bokko_cli.commands.connect import Options, run
from bokko_cli.errors import ExitCode, InvalidValue, MissingInput
from bokko_cli.model.likeness import nearest
from bokko_cli.model.values import Block
from bokko_cli.prompter.question import Pick
from tests.fakes import BACK, BOLT, CHOSEN, ENTER, KEY, OTP, WEBSHOP, Person, Script, World

REST = [
    ("Default VAT rate", ENTER), ("Default payment method", ENTER), ("Tax number", ENTER),
    ("Invoice capable", ENTER), ("Accepts business clients", ENTER), ("Save this?", True),
]  # fmt: skip


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "settings", standard_input=KEY)


def _refused(world: World, options: Options) -> InvalidValue:
    with pytest.raises(InvalidValue) as caught:
        world.connect(options=options)
    assert not world.settings.exists()
    return caught.value


@pytest.mark.parametrize(
    ("settings", "key_storage"),
    [
        ({"default_vat_rate": "18"}, None),
        ({"default_vat_rate": "18", "default_payment_method": "barter"}, None),
        ({"tax_number": "13421739-2-42-1", "default_vat_rate": "18"}, "cloud"),
        ({"tax_number": "12345678-2-41", "default_payment_method": "gold"}, None),
        ({"default_payment_method": "gold"}, "pocket"),
    ],
)
def test_wrong_values_are_told_together_each_with_flag_and_value(
    world: World, settings: dict[str, str | bool | None], key_storage: str | None
) -> None:
    error = _refused(world, Options(settings, api_key_stdin=True, key_storage=key_storage))
    flags = {world.spec.field(name).flag: str(value) for name, value in settings.items()}
    wrong = flags | ({"--key-storage": key_storage} if key_storage else {})
    told = error.message.split("\n")
    assert len(told) == len(wrong)
    for flag, value in wrong.items():
        assert [line for line in told if line.startswith(f"{flag} is {value!r}")]
    assert (error.code, error.exit_code) == ("invalid_value", ExitCode.USAGE)
    assert world.provider.opened == []


def test_rows_that_are_not_there_are_told_together(world: World) -> None:
    error = _refused(world, Options({"document_block": "X1", "bank_account": "X2"}, api_key_stdin=True))
    assert "--block 'X1' is not in this account." in error.message
    assert "--bank-account 'X2' is not in this account." in error.message
    assert error.fix.split("\n") == [
        "Use an id; to see the list: bokko billingo blocks --api-key-stdin",
        "Use an id; to see the list: bokko billingo accounts --api-key-stdin",
    ]


@pytest.mark.parametrize("given", ["webshp", "WEBSHOP", "Web-shop", "webs", "prefix:we", "id:40191"])
def test_what_is_close_is_named_before_the_list(world: World, given: str) -> None:
    lines = _refused(world, Options({**CHOSEN, "document_block": given}, api_key_stdin=True)).message.split("\n")
    assert lines[1:3] == ["Similar:", "    Webshop · WEB · id 40101"]
    assert lines.index("This account has:") > 2


def test_nothing_is_called_close_that_is_not(world: World) -> None:
    message = _refused(world, Options({**CHOSEN, "document_block": "zzz"}, api_key_stdin=True)).message
    assert "Similar" not in message


def test_likest_comes_first_and_few_are_named() -> None:
    names = [[name] for name in ("Számlatömb régi", "Régi számlatömb", "Szamlatomb", "Bolt", "szamlatömbök", "számla")]
    assert nearest("számlatömb", names) == [0, 2, 4]
    assert nearest("regi", names) == [1, 0]
    assert nearest("Blot", names) == [3]
    assert nearest("", names) == []
    assert nearest("x", [["xylophone"]]) == []


def test_key_of_a_file_is_repeated_in_the_fix(world: World, tmp_path: Path) -> None:
    file = tmp_path / "a key"
    file.write_text(KEY)
    error = _refused(world, Options({**CHOSEN, "document_block": "none"}, api_key_file=str(file)))
    assert error.fix.endswith(f"bokko billingo blocks --api-key-file {shlex.quote(str(file))}")


def test_key_of_the_environment_is_there_for_the_fix_too(world: World) -> None:
    world.environ = {"BOKKO_BILLINGO_API_KEY": KEY}
    assert _refused(world, Options({**CHOSEN, "document_block": "none"})).fix.endswith("bokko billingo blocks")


@pytest.mark.parametrize(("setting", "flag"), [("document_block", "Document block"), ("bank_account", "Bank account")])
@pytest.mark.parametrize("value", ["40101", "none"])
def test_flag_is_not_missing_where_the_account_has_none(world: World, setting: str, flag: str, value: str) -> None:
    world.provider.choices[setting] = ()
    with pytest.raises(MissingInput) as caught:
        world.connect(options=Options({**CHOSEN, setting: value}, api_key_stdin=True))
    assert caught.value.message == f"{flag}: this account has none."
    assert caught.value.fix == world.spec.field(setting).where_to_make
    assert [(one.flag, one.choices) for one in caught.value.missing] == [(world.spec.field(setting).flag, [])]


def test_flag_that_is_missing_besides_is_told_as_missing(world: World) -> None:
    world.provider.choices["bank_account"] = ()
    with pytest.raises(MissingInput) as caught:
        world.connect(options=Options({}, api_key_stdin=True))
    assert caught.value.message.startswith("Bank account: this account has none.\nMissing: --block\n")


class Looking(Person):
    """Keeps what each list opened with."""

    def __init__(self, *script: tuple[str, object]) -> None:
        super().__init__(*script)
        self.typed: dict[str, str] = {}
        self.marked: dict[str, str] = {}

    def pick(self, name: str, form: Pick[object], *, can_go_back: bool) -> object:  # type: ignore[override]  # any list
        self.typed[name] = form.typed
        self.marked[name] = form.options[form.marked].name
        return super().pick(name, form, can_go_back=can_go_back)


def _ask(world: World, person: Looking, settings: dict[str, str | bool | None]) -> None:
    options = Options(settings, api_key_stdin=True)
    assert run(world.scope(person.prompter(world.output)), options) == ExitCode.DONE
    assert person.left == []


@pytest.mark.parametrize(("given", "typed"), [("bol", "bol"), ("name:bol", "bol"), ("zzz", "zzz")])
def test_person_gets_the_list_with_what_was_typed(world: World, given: str, typed: str) -> None:
    person = Looking(("Document block", "Bolt"), *REST)
    _ask(world, person, {**CHOSEN, "document_block": given})
    assert person.typed["Document block"] == typed
    assert f"--block '{given}' is not in this account." in world.said()
    assert world.stored_connection().settings["document_block"] == BOLT


def test_list_marks_what_was_probably_meant(world: World) -> None:
    person = Looking(("Document block", ENTER), *REST)
    _ask(world, person, {**CHOSEN, "document_block": "blot"})
    assert person.marked["Document block"] == "Bolt"


def test_way_back_leads_to_the_list_again_without_the_filter(world: World) -> None:
    person = Looking(
        ("Document block", "Webshop"), ("Default VAT rate", BACK), ("Document block", ENTER), *REST
    )  # fmt: skip
    _ask(world, person, {**CHOSEN, "document_block": "shp"})
    assert person.typed["Document block"] == ""
    assert world.stored_connection().settings["document_block"] == WEBSHOP


SAME_WORD = (WEBSHOP, Block(3, "WEB", "X"))
OTHER = OTP._replace(id=7009, name="Erste", number="11600006-00000000-12345676", iban="")


@pytest.mark.parametrize("others", [{}, {"bank_account": "OTP HUF"}, {"default_vat_rate": "27"}])
def test_flag_that_fits_several_rows_is_refused_to_a_person_before_any_setting_is_asked(
    world: World, others: dict[str, str]
) -> None:
    world.provider.choices = {"document_block": SAME_WORD, "bank_account": (OTP, OTHER)}
    with pytest.raises(InvalidValue, match="matches 2 rows"):
        world.connect(("API key", KEY), options=Options({"document_block": "WEB", **others}))


def test_flag_of_a_later_list_that_fits_several_rows_is_refused_as_early(world: World) -> None:
    world.provider.choices = {"document_block": (WEBSHOP, BOLT), "bank_account": (OTP, OTHER._replace(name=OTP.name))}
    with pytest.raises(InvalidValue, match="--bank-account 'OTP HUF' matches 2 rows"):
        world.connect(("API key", KEY), options=Options({"bank_account": OTP.name}))


@pytest.mark.parametrize("script", [[("API key", KEY)], []])
def test_flag_that_fits_none_is_told_with_one_that_fits_several(world: World, script: list[Script]) -> None:
    world.provider.choices = {"document_block": SAME_WORD, "bank_account": (OTP, OTHER)}
    options = Options({"document_block": "WEB", "bank_account": "none"}, api_key_stdin=not script)
    with pytest.raises(InvalidValue) as caught:
        world.connect(*script, options=options)
    assert "--block 'WEB' matches 2 rows" in caught.value.message
    assert "--bank-account 'none' is not in this account" in caught.value.message

"""The tables of README, made from the data that the program itself goes by."""

from collections.abc import Mapping

from bokko_cli.commands.help import error_codes
from bokko_cli.errors import EXIT_CODES
from bokko_cli.model.environment import VARIABLES
from bokko_cli.model.readiness.meanings import PROBLEMS
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Settings
from bokko_cli.output import fields
from bokko_cli.providers.tables import SPECS
from bokko_cli.store.profiles import FILES
from tests.readme.document import Cells

DOCUMENTS: Mapping[str, fields.Fields] = {
    "status": fields.STATUS,
    "profiles": fields.PROFILES,
    "integrations": fields.INTEGRATIONS,
    "rehearsal": fields.REHEARSAL,
    "doctor": fields.DOCTOR,
    "failure": fields.FAILURE,
}
SETTINGS: Settings = {
    "document_block": None,
    "bank_account": None,
    "invoice_prefix": None,
    "default_vat_rate": "27%",
    "default_payment_method": "other",
}
"""Of any provider; only their names matter here."""


def expected_tables() -> dict[str, list[Cells]]:
    """Return the rows of each table that README has to have."""
    return {
        "environment": [(f"`{name}`", meaning) for name, meaning in _variables()],
        "keys": [
            (f"{spec.title}: {spec.key_question}", f"`{spec.key_page}`", spec.key_advice) for spec in SPECS.values()
        ],
        "exec": [(spec.title, ", ".join(f"`{name}`" for name in _handed_over(spec))) for spec in SPECS.values()],
        "exit-codes": [(str(code.value), meaning) for code, meaning in EXIT_CODES.items()],
        "problems": [(f"`{code}`", known.level, known.meaning) for code, known in PROBLEMS.items()],
        "failures": [(f"`{code}`", str(kind.exit_code.value)) for code, kind in sorted(error_codes().items())],
        "files": [(f"`{name}`", meaning) for name, meaning in FILES.values()],
        **{
            document: [(f"`{name}`", meaning) for name, meaning in rows.items()] for document, rows in DOCUMENTS.items()
        },
    }


def _variables() -> list[tuple[str, str]]:
    keys = [(spec.key_variable, f"The {spec.key_question} of {spec.title}.") for spec in SPECS.values()]
    urls = [
        (spec.url_variable, f"Another address for {spec.title}: `https`, or `http` on this machine.")
        for spec in SPECS.values()
    ]
    return [*((variable.name, variable.meaning) for variable in VARIABLES), *keys, *urls]


def _handed_over(spec: Spec) -> list[str]:
    """Return what `exec` sets for a provider's program, the common beginning said once."""
    return [spec.key_variable, "_URL", *(f"_{end}" for end in spec.variables(SETTINGS)), "_INVOICE_MODE"]

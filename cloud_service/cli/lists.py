"""What commands on price lists share: how a list is written, and what is to be done with it."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cloud_service.cli.errors import WrongUsage

ExistingFile = typer.Option(exists=True, dir_okay=False, readable=True)


class Format(StrEnum):
    """Which columns a price list has."""

    KONZUM = "konzum"
    CSV = "csv"


class OnError(StrEnum):
    """What to do about rows in error."""

    STOP = "stop"
    CONTINUE = "continue"


class Decimal(StrEnum):
    """Which sign stands before decimals."""

    POINT = "point"
    COMMA = "comma"


FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="Its columns: our own (csv, the default), or Konzum's."),
]
ProfileOption = Annotated[
    Path | None,
    typer.Option(
        "--profile", exists=True, dir_okay=False, readable=True,
        help="A mapping profile: what its columns are among ours.",
    ),
]  # fmt: skip
OnErrorOption = Annotated[OnError, typer.Option(help="Take nothing, or the good rows.")]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", help="How it is encoded, if not as it looks.")
]
DelimiterOption = Annotated[
    str | None,
    typer.Option("--delimiter", help="A sign, or comma, semicolon, tab or bar."),
]
DecimalOption = Annotated[
    Decimal | None, typer.Option("--decimal", help="The sign before its decimals.")
]
SheetOption = Annotated[
    str | None, typer.Option("--sheet", help="The sheet of a workbook, if not the first.")
]
ConfirmOption = Annotated[
    bool, typer.Option("--confirm", help="What looks like a slip of the keyboard is meant.")
]
NoteOption = Annotated[
    str | None, typer.Option("--note", help="Why; it stands in the audit trail.")
]
RepairOption = Annotated[
    bool,
    typer.Option("--repair-gtins", help="Put back zeros that a spreadsheet dropped from GTINs."),
]


def parameters(
    list_format: Format | None, profile: Path | None, *, repair: bool, **said: str | None
) -> dict[str, str]:
    """Return what the service is told of a list; raise WrongUsage where it contradicts itself."""
    if list_format is not None and profile is not None:
        raise WrongUsage("a list has a --format or a --profile, not both")
    known = {name: value for name, value in said.items() if value is not None}
    if profile is None:
        known["format"] = (list_format or Format.CSV).value
    if repair:
        known["repair_gtins"] = "true"
    return known

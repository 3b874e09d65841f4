"""Mapping profiles: a TOML file that says what the columns of a till's own list are among ours.

    currency = "EUR"

    [file]
    encoding = "windows-1250"
    decimal = "comma"
    other_columns = "ignore"

    [columns]            # ours = theirs
    sku = "Sifra"
    name = "Naziv"
    price = "MPC"
    unit = "JM"

    [words.unit]         # theirs = ours
    KOM = "ea"
    KG = "kg"

    [constants]
    category = "Pekara"

All of it is described in docs/import-profiles.md.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import itemgetter
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from cloud_service.errors import Invalid
from cloud_service.pricing.imports.csv import COLUMNS, CSV, REQUIRED
from cloud_service.pricing.imports.csv import profile as own_profile
from cloud_service.pricing.imports.rows import (
    Kind,
    Lot,
    LotReader,
    Manner,
    Place,
    Profile,
    RowRefused,
    StagedRow,
)
from cloud_service.pricing.imports.table import Written
from label_templates.contract.money import Currency

_Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
_Cell = TypeVar("_Cell")
_MAX_BYTES = 1 << 16


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileFacts(_Table):
    """How the file is written, where that is not to be found out."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: Literal["point", "comma"] | None = None
    sheet: str | None = None
    skip: Annotated[int, Field(ge=0, le=100)] = 0
    header: bool = True
    amounts: Literal["major", "minor"] = "major"
    dates: tuple[str, ...] = ()
    until: Literal["end", "last-day"] = "end"
    other_columns: Literal["refuse", "ignore"] = "refuse"
    repair_gtins: bool = False


class MappingProfile(_Table):
    """A mapping profile as its file has it; see the module."""

    currency: Currency | None = None
    file: FileFacts = FileFacts()
    columns: Mapping[str, _Name | int]
    words: Mapping[str, Mapping[str, str]] = {}
    constants: Mapping[str, str] = {}

    @property
    def theirs(self) -> dict[str, str]:
        """Their columns by ours; without a header, columns are called by their places."""
        return {ours: str(theirs) for ours, theirs in self.columns.items()}


def parse_profile(text: str) -> MappingProfile:
    """Read a mapping profile; raise Invalid naming what is wrong with it."""
    if len(text) > _MAX_BYTES:
        raise Invalid("profile", f"it is longer than {_MAX_BYTES} characters")
    try:
        profile = MappingProfile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Invalid("profile", f"no valid TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise Invalid(f"profile, {place}", first["msg"]) from error
    _check(profile)
    return profile


def _check(profile: MappingProfile) -> None:
    """Raise Invalid where a profile contradicts itself, or what we have."""
    given = {*profile.columns, *profile.constants}
    theirs = list(profile.theirs.values())
    wrongs = {
        f"we have no such column, only {', '.join(COLUMNS)}": _unknown(profile),
        "it is both a column and a constant": profile.columns.keys() & profile.constants.keys(),
        "its words are given, but no column": profile.words.keys() - given,
        "it is mapped to no column, and a list needs it": set(REQUIRED) - given,
        "it is mapped twice": {name for name in theirs if theirs.count(name) > 1},
    }
    for reason, names in wrongs.items():
        for name in sorted(names):
            raise Invalid(f"profile, {name}", reason)


def _unknown(profile: MappingProfile) -> set[str]:
    return {*profile.columns, *profile.constants, *profile.words}.difference(COLUMNS)


def written_by(profile: MappingProfile, said: Written) -> Written:
    """Return how a list is written: as was said of it, and otherwise as its profile says."""
    file = profile.file
    return replace(
        said,
        encoding=said.encoding or file.encoding,
        delimiter=said.delimiter or file.delimiter,
        decimals=said.decimals or file.decimal,
        sheet=said.sheet or file.sheet,
        skip=file.skip,
        header=file.header,
        repair=said.repair or file.repair_gtins,
    )


def mapped_kind(profile: MappingProfile) -> Kind:
    """Return the kind of list that a profile describes; its columns have their own names."""
    theirs = profile.theirs
    columns = tuple(theirs.values())

    def opened(header: Sequence[str], place: Place, manner: Manner) -> Profile:
        file = profile.file
        manner = replace(
            manner,
            minor=file.amounts == "minor",
            dates=file.dates,
            last_day=file.until == "last-day",
        )
        return _Mapped(profile, header, place, manner).profile

    return Kind(
        columns,
        columns,
        opened,
        sku=theirs.get("sku", "sku"),
        prices=[name for ours, name in theirs.items() if ours in CSV.prices],
        currency=profile.currency,
        ignores=profile.file.other_columns == "ignore",
    )


class _Mapped:
    """Brings rows of their columns into ours, and names what is wrong by theirs."""

    def __init__(
        self, profile: MappingProfile, header: Sequence[str], place: Place, manner: Manner
    ) -> None:
        self._theirs = profile.theirs
        at = [header.index(name) for name in self._theirs.values()]
        self._cells = itemgetter(*at)
        self._single = len(at) == 1
        names = [*self._theirs, *profile.constants]
        self._constants = tuple(profile.constants.values())
        self._words = [(names.index(name), words) for name, words in profile.words.items()]
        own = own_profile(names, place, manner)
        self._read = own.reader
        self.profile = replace(
            own,
            reader=self.read,
            width=len(header),
            lot_reader=partial(self.read_lot, own.lot_reader) if own.lot_reader else None,
        )

    def read(self, row: int, cells: Sequence[str]) -> StagedRow:
        """Read a row of their columns."""
        ours = [*self._chosen(cells), *self._constants]
        for place, words in self._words:
            ours[place] = _in_our_words(ours[place], words)
        try:
            return self._read(row, ours)
        except RowRefused as refused:
            raise self._renamed(refused, cells) from refused

    def read_lot(
        self, read: LotReader, rows: Sequence[int], columns: Sequence[Sequence[str]]
    ) -> Lot:
        """Read rows of their columns, all at once; what is refused is named by ours."""
        constants = ([constant] * len(rows) for constant in self._constants)
        ours = [*self._chosen(columns), *constants]
        for place, words in self._words:
            ours[place] = [_in_our_words(cell, words) for cell in ours[place]]
        return read(rows, ours)

    def _chosen(self, cells: Sequence[_Cell]) -> Sequence[_Cell]:
        found = self._cells(cells)
        return (found,) if self._single else found

    def _renamed(self, refused: RowRefused, cells: Sequence[str]) -> RowRefused:
        theirs = self._theirs.get(refused.column)
        if theirs is None:
            return refused
        return RowRefused(theirs, refused.value, refused.reason)


def _in_our_words(cell: str, words: Mapping[str, str]) -> str:
    word = cell.strip()
    return words.get(word, word)

"""The JSON file with the fields of a tile, and how its store prints, as commands take them."""

import json
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cloud_service.cli.errors import WrongUsage
from label_templates.contract.twin import StoreWords

_Model = TypeVar("_Model", bound=BaseModel)


def read_fields(file: Path | None) -> dict[str, Any]:
    """Return the fields of a file, none without one; raise WrongUsage where it is no such file."""
    if file is None:
        return {}
    try:
        fields = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise WrongUsage(f"{file}: {error.strerror}") from error
    except ValueError as error:
        raise WrongUsage(f"{file} is no JSON: {error}") from error
    if not isinstance(fields, dict):
        raise WrongUsage(f"{file} holds no JSON object with the fields of a tile")
    return fields


def checked(model: type[_Model], fields: dict[str, Any], place: str) -> _Model:
    """Return what fields say; raise WrongUsage naming each that is wrong."""
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        found = error.errors(include_url=False)
        reasons = [f"{'.'.join(map(str, item['loc'])) or place}: {item['msg']}" for item in found]
        raise WrongUsage(f"{place}: not what a tile can say", tuple(reasons)) from error


def store_words(currency: str, locale: str, tz: str) -> StoreWords:
    """Return how a store prints, by its options; raise WrongUsage naming one that is wrong."""
    fields = {"id": "0", "tz": tz, "currency": currency, "locale": locale}
    return checked(StoreWords, fields, "options")

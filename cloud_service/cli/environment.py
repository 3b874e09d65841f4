"""Settings for the commands that open the database themselves, with errors a person can act on."""

from typing import Any

from pydantic import ValidationError

from cloud_service.cli.errors import WrongUsage
from cloud_service.settings import Settings


def read_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; options that were given go before it."""
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return (
            Settings.model_validate({**Settings().model_dump(), **given}) if given else Settings()
        )
    except ValidationError as error:
        raise WrongUsage("the settings are wrong", _reasons(error)) from error


def _reasons(error: ValidationError) -> tuple[str, ...]:
    return tuple(
        f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}" for item in error.errors()
    )

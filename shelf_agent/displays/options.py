"""What drivers ask of their options: known names, whole numbers."""

from shelf_agent.displays.base import Options
from shelf_agent.errors import SettingsError


def refuse_strange(driver: str, options: Options, known: tuple[str, ...]) -> None:
    """Raise SettingsError where an option is not one that the driver knows."""
    strange = sorted(options.keys() - set(known))
    if strange:
        raise SettingsError(
            f"driver {driver} knows no option {', '.join(strange)}; it has {', '.join(known)}"
        )


def whole_number(driver: str, options: Options, name: str, default: int) -> int:
    """Return an option that is a number, such as a pin; raise SettingsError otherwise."""
    value = options.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise SettingsError(f"driver {driver}: option {name} is {value!r}; it is a whole number")
    return value

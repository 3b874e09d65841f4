"""Opening hours as people write them on a command line: `mo-fr=07:00-21:00`, `su=`."""

from collections.abc import Sequence

from cloud_service.cli.errors import WrongUsage

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
HELP = (
    "When it is open: `mo-fr=07:00-21:00`, `sa=08:00-12:00 16:00-20:00`; days that are not named"
    " are closed. May be given several times."
)


def hours_of(spans: Sequence[str]) -> list[str]:
    """Return seven days from Monday on; raise WrongUsage where one is no day."""
    week = [""] * len(DAYS)
    for text in spans:
        days, separator, hours = text.partition("=")
        first, _, last = days.strip().lower().partition("-")
        if not separator or first not in DAYS or (last or first) not in DAYS:
            raise WrongUsage(f"--hours: {text!r} is none such as mo-fr=07:00-21:00")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        if end < begin:
            raise WrongUsage(f"--hours: {days} runs over Sunday; name its two parts")
        for day in range(begin, end + 1):
            week[day] = hours.strip()
    return week


def read_exceptions(days: Sequence[str]) -> dict[str, str]:
    """Return the days that go otherwise, by date; none where `none` is said."""
    if list(days) == ["none"]:
        return {}
    found = {}
    for text in days:
        day, separator, hours = text.partition("=")
        if not separator:
            raise WrongUsage(f"--on: {text!r} is none such as 2026-12-24=07:00-13:00")
        found[day.strip()] = hours.strip()
    return found

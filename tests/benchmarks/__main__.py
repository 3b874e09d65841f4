"""Run all benchmarks, or the part that is named, and print one JSON object a line."""

import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType

from tests import benchmarks


def parts() -> dict[str, ModuleType]:
    """Return the modules of this package that measure something, by name."""
    names = [found.name for found in pkgutil.iter_modules(benchmarks.__path__)]
    modules = {
        name: importlib.import_module(f"tests.benchmarks.{name}")
        for name in names
        if name != "__main__"
    }
    found = {name: module for name, module in modules.items() if hasattr(module, "lines")}
    return {getattr(module, "PART", name): module for name, module in found.items()}


def measured(wanted: list[str]) -> Iterator[str]:
    """Yield what the wanted parts measure, as JSON."""
    found = parts()
    unknown = [name for name in wanted if name not in found]
    if unknown:
        sys.exit(f"no benchmark {unknown[0]!r}; there are {', '.join(sorted(found))}")
    for name in wanted or sorted(found):
        for line in found[name].lines():
            yield json.dumps({"part": name, **line}, ensure_ascii=False)


if __name__ == "__main__":
    for text in measured(sys.argv[1:]):
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

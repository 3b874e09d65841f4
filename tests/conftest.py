"""What every test may use: the real price lists, and hypothesis settings that measure no time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer

from tests.spreading import Spreading

settings.register_profile(
    "product", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("quick", settings.get_profile("product"), max_examples=20)
settings.load_profile("product")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Spreading:
    """Keep the tests of a file together."""
    return Spreading(config, log)


@pytest.fixture(scope="session", autouse=True)
def _no_database_of_yours() -> Iterator[None]:
    """Keep tests off the database that the environment names: they delete what they find."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("EDGE_SHELF_DATABASE_URL", raising=False)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real price lists beside the checkout; skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not (folder / "konzum").is_dir():
        pytest.skip("the real price lists (../shared/data) are not on this machine")
    return folder

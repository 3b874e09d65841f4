"""What every test may use: the real price lists, and hypothesis settings that measure no time."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "product", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile("quick", settings.get_profile("product"), max_examples=20)
settings.load_profile("product")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real price lists beside the checkout; skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not (folder / "konzum").is_dir():
        pytest.skip("the real price lists (../shared/data) are not on this machine")
    return folder

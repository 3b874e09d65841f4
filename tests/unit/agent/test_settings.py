"""Settings: what is read, from where, and how what is wrong is named."""

from pathlib import Path

import pytest

from label_templates.contract import seal
from shelf_agent import settings
from shelf_agent.errors import SettingsError
from tests.unit.agent.cloud import DEVICE, FIRST, ROOT, SECOND

KEY = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
ROOT_KEY = seal.public_text(ROOT.public_key())
GOOD = f"""
device = "{DEVICE}"
connection_string = "HostName=chain.azure-devices.net;DeviceId={DEVICE};SharedAccessKey={KEY}"
root_key = "{ROOT_KEY}"
state_dir = "state"
[[displays]]
position = "{FIRST}"
driver = "capture"
panel = "epd-2.9-bw"
[displays.options]
directory = "glass"
[[displays]]
position = "{SECOND}"
driver = "waveshare"
panel = "epd-2.9-bwr"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "agent.toml"
    path.write_text(text)
    return path


def test_settings_are_read_and_paths_count_from_their_file(tmp_path: Path) -> None:
    found = settings.load(written(tmp_path, GOOD))
    assert found.device == DEVICE
    assert found.hub_name == "chain.azure-devices.net"
    assert found.state_dir == tmp_path / "state"
    assert found.displays[0].options["directory"] == str(tmp_path / "glass")
    assert found.displays[1].spec.min_interval_s == 180


def test_bundles_have_an_address_a_place_and_a_size(tmp_path: Path) -> None:
    more = 'bundles = "https://prices.example.com"\nbundles_trust = "ca.pem"\nbundles_mb = 64\n'
    found = settings.load(written(tmp_path, more + GOOD))
    assert (found.bundles, found.bundles_trust) == (
        "https://prices.example.com", tmp_path / "ca.pem",
    )  # fmt: skip
    assert (found.bundle_dir, found.bundle_bytes) == (tmp_path / "state" / "bundles", 64 * 2**20)
    assert settings.load(written(tmp_path, GOOD)).bundles is None
    with pytest.raises(SettingsError, match="bundles"):
        settings.load(written(tmp_path, 'bundles = "prices.example.com"\n' + GOOD))


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHELF_AGENT_STATE_DIR", "/var/lib/shelf")
    assert settings.load(written(tmp_path, GOOD)).state_dir == Path("/var/lib/shelf")


def test_a_secret_is_never_shown(tmp_path: Path) -> None:
    assert KEY not in repr(settings.load(written(tmp_path, GOOD)))
    other = GOOD.replace(f"DeviceId={DEVICE}", "DeviceId=pi-0204-02")
    with pytest.raises(SettingsError) as caught:
        settings.load(written(tmp_path, other))
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        (f'device = "{DEVICE}"', "", "device: Field required"),
        (f"DeviceId={DEVICE}", "DeviceId=pi-9", "is for device 'pi-9', not 'pi-0204-01'"),
        (f";SharedAccessKey={KEY}", "", "connection_string lacks SharedAccessKey"),
        (ROOT_KEY, "AAAA", "root_key: Value error, has 3 bytes"),
        (ROOT_KEY, "no key", "root_key: Value error, is not base64"),
        (SECOND, FIRST, f"two displays at {FIRST}"),
        (FIRST, "shelf-one", "displays.0.position: .*'shelf-one' is no position"),
        ("epd-2.9-bwr", "epd-99", "displays.1.panel: .*unknown panel 'epd-99'; known are"),
        ("state_dir", "state_dri", "state_dri: Extra inputs are not permitted"),
        ("[[displays]]", "[displays", "is no TOML: Expected ']'"),
    ],
)
def test_what_is_wrong_is_named_by_file_field_and_reason(
    tmp_path: Path, was: str, becomes: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match=f"agent.toml.*{reason}"):
        settings.load(written(tmp_path, GOOD.replace(was, becomes)))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none.toml: No such file or directory"):
        settings.load(tmp_path / "none.toml")

"""A store's price list goes out as a file, and comes back as it went."""

import pytest

from tests.unit.api.conftest import Caller

LIST = "/stores/0204/price-list"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_goes_out_and_comes_back_unchanged(writer: Caller, kind: str) -> None:
    answer = writer("GET", f"{LIST}?format={kind}")
    assert answer.status_code == 200
    assert f'filename="prices-0204.{kind}"' in answer.headers["Content-Disposition"]
    assert int(answer.headers["Content-Length"]) == len(answer.content)
    report = writer("POST", "/stores/0204/imports", content=answer.content).json()
    assert (report["read"], report["unchanged"], report["change_id"]) == (3, 3, None)


def test_reading_is_enough_and_a_token_is_needed(reader: Caller, anybody: Caller) -> None:
    assert reader("GET", LIST).headers["Content-Type"].startswith("text/csv")
    assert anybody("GET", LIST).status_code == 401


def test_a_store_or_format_that_does_not_exist_is_refused(reader: Caller) -> None:
    assert reader("GET", "/stores/9999/price-list").status_code == 404
    assert reader("GET", f"{LIST}?format=pdf").status_code == 422

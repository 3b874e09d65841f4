"""Who may call, and that every answer is numbered and every error a problem."""

import pytest

from cloud_service.accounts import Accounts
from cloud_service.accounts.tokens import DEFAULT_LIFE_S
from cloud_service.clock import FixedClock
from tests.unit.api.conftest import Caller, price

PROBLEM = "application/problem+json"


def test_without_a_token_nobody_is_let_in(anybody: Caller) -> None:
    answer = anybody("GET", "/stores")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["type"] == "urn:edge-shelf:unauthorized"


@pytest.mark.parametrize("header", ["Bearer es_wrong", "Bearer x", "Bearer", "Basic YTpi"])
def test_a_token_nobody_issued_is_refused(anybody: Caller, header: str) -> None:
    assert anybody("GET", "/stores", headers={"Authorization": header}).status_code == 401


def test_a_token_that_has_ended_is_refused(reader: Caller, clock: FixedClock) -> None:
    assert reader("GET", "/stores").status_code == 200
    clock.instant += DEFAULT_LIFE_S
    answer = reader("GET", "/stores")
    assert answer.status_code == 401
    assert "has ended" in answer.json()["detail"]


def test_a_token_that_was_revoked_is_refused(reader: Caller, accounts: Accounts) -> None:
    accounts.revoke_token("reader")
    assert reader("GET", "/stores").status_code == 401


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/stores/0204/prices/4711", {"price": price(199)}),
        ("POST", "/stores/0204/prices:batch", {"prices": [{"sku": "4711", "price": price(199)}]}),
        ("POST", "/stores/0204/imports?format=csv", {}),
    ],
)
def test_a_reading_token_changes_nothing(
    reader: Caller, method: str, path: str, body: object
) -> None:
    before = reader("GET", "/stores/0204/prices/4711").json()
    answer = reader(method, path, json=body)
    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:edge-shelf:insufficient-scope"
    assert reader("GET", "/stores/0204/prices/4711").json() == before


def test_every_answer_carries_a_request_id(reader: Caller) -> None:
    good, bad = reader("GET", "/stores"), reader("GET", "/stores/none")
    assert len(good.headers["Request-Id"]) == 32
    assert bad.headers["Request-Id"] == bad.json()["request_id"] != good.headers["Request-Id"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("pos-17.42:abc", True), ("short", False), ("x" * 65, False), ("a b c d e", False)],
)
def test_a_callers_own_request_id_is_kept_where_it_is_sane(
    reader: Caller, given: str, kept: bool
) -> None:
    answer = reader("GET", "/stores", headers={"Request-Id": given})
    assert (answer.headers["Request-Id"] == given) is kept


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("DELETE", "/stores/0204")])
def test_an_address_that_does_not_exist_is_a_problem(
    reader: Caller, method: str, path: str
) -> None:
    answer = reader(method, path)
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == PROBLEM
    assert path in answer.json()["detail"]


def test_a_malformed_parameter_is_named(reader: Caller) -> None:
    answer = reader("GET", "/stores?limit=0")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "query limit"

"""Whatever answers, or does not, a command ends with a sentence and the right exit code."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from cloud_service.cli.connection import Connection
from cloud_service.cli.errors import CommandError, Refused, Unreachable, WrongUsage

Handler = Callable[[httpx.Request], httpx.Response]


def connected(handler: Handler) -> Connection:
    transport = httpx.MockTransport(handler)
    return Connection(httpx.Client(transport=transport, base_url="http://shelf.example"))


def problem(status: int, **more: Any) -> httpx.Response:
    body = {"type": "urn:edge-shelf:x", "title": "x", "status": status, **more}
    return httpx.Response(status, json=body, headers={"Content-Type": "application/problem+json"})


def failing(answer: httpx.Response) -> CommandError:
    with pytest.raises(CommandError) as failed:
        connected(lambda _: answer).get("/stores")
    return failed.value


def test_a_refusal_says_what_the_service_said_and_where() -> None:
    items = [
        {"code": "row", "row": 3, "column": "price", "detail": "'x' is not an amount"},
        {"code": "currency", "pointer": "/price/currency", "detail": "not EUR"},
        {"code": "odd", "detail": "simply odd"},
    ]
    error = failing(problem(422, detail="2 rows are wrong", errors=items))
    assert isinstance(error, Refused)
    assert str(error) == "2 rows are wrong"
    assert error.details == (
        "row 3, price: 'x' is not an amount",
        "/price/currency: not EUR",
        "simply odd",
    )


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_token_is_wrong_usage(status: int) -> None:
    error = failing(problem(status, detail="The token has ended."))
    assert isinstance(error, WrongUsage)
    assert "EDGE_SHELF_TOKEN" in str(error)
    assert "has ended" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<h1>It works!</h1>"),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(404, text="nothing here"),
        httpx.Response(302, headers={"Location": "/login"}),
    ],
)
def test_another_service_at_the_address_is_told_apart(answer: httpx.Response) -> None:
    error = failing(answer)
    assert isinstance(error, Unreachable)
    assert "is not the edge-shelf API" in str(error)


@pytest.mark.parametrize("failure", [httpx.ConnectError("refused"), httpx.ReadTimeout("late")])
def test_an_address_where_nothing_answers_is_named(failure: httpx.TransportError) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        raise failure

    with pytest.raises(Unreachable, match=r"http://shelf\.example"):
        connected(handler).get("/stores")


def test_a_list_is_read_to_its_end() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        after = request.url.params.get("after")
        if after is None:
            return httpx.Response(200, json={"data": [1, 2], "has_more": True, "next": "2"})
        assert after == "2"
        return httpx.Response(200, json={"data": [3], "has_more": False, "next": None})

    assert list(connected(handler).pages("/stores")) == [1, 2, 3]

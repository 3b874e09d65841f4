"""The one way commands reach the service: JSON over HTTP, every failure as a sentence.

The address and the token come from the environment only, so that no token is left in a shell's
history or in a process list.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from cloud_service.cli.errors import Refused, Unreachable, WrongUsage

URL_VARIABLE = "EDGE_SHELF_URL"
TOKEN_VARIABLE = "EDGE_SHELF_TOKEN"  # noqa: S105 - the variable's name, not a token
_HINT = "`. var/env` sets it after `make run`"
_TIMEOUT = httpx.Timeout(30.0, connect=5.0)
_SHOWN_ERRORS = 20

Json = Any
"""What JSON can hold."""


class Connection:
    """An open connection to the service at EDGE_SHELF_URL."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, path: str, **parameters: object) -> Json:
        """Return the resource at a path below /v1; parameters that are None are left out."""
        return _read(self.send("GET", path, params=_present(parameters)))

    def find(self, path: str) -> Json | None:
        """Return the resource at a path below /v1, None where there is none."""
        with self._translated():
            answer = self._client.request("GET", f"/v1{path}")
        if answer.status_code == httpx.codes.NOT_FOUND and _problem(answer):
            return None
        _check(answer)
        return _read(answer)

    def get_bytes(self, path: str, **parameters: object) -> bytes:
        """Return what is not JSON: a picture."""
        return self.send("GET", path, params=_present(parameters)).content

    def put(self, path: str, body: Json, timeout: httpx.Timeout = _TIMEOUT) -> Json:
        """Put a resource and return what the service says it did."""
        return _read(self.send("PUT", path, json=body, timeout=timeout))

    def upload(self, path: str, file: Path, timeout: httpx.Timeout) -> Json:
        """Post a file as it is and return what the service says it did."""
        headers = {"Content-Type": "application/octet-stream"}
        headers["Content-Length"] = str(file.stat().st_size)
        with file.open("rb") as content:
            return _read(self.send("POST", path, content=content, headers=headers, timeout=timeout))

    def post(self, path: str, body: Json) -> Json:
        """Post a command and return what the service says it did."""
        return _read(self.send("POST", path, json=body))

    def patch(self, path: str, body: Json, version: int | None = None) -> Json:
        """Change a resource, where a version is given only that one, and return what was done."""
        headers = {} if version is None else {"If-Match": f'"{version}"'}
        return _read(self.send("PATCH", path, json=body, headers=headers))

    def pages(self, path: str, **parameters: object) -> Iterator[Json]:
        """Yield the items of a list, page after page."""
        after: str | None = None
        while True:
            page = self.get(path, **{**parameters, "after": after})
            yield from page["data"]
            if not page["has_more"]:
                return
            after = page["next"]

    def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request below /v1 and return its answer; raise CommandError for any other."""
        with self._translated():
            answer = self._client.request(method, f"/v1{path}", **request)
        _check(answer)
        return answer

    @contextmanager
    def stream(self, method: str, path: str, **request: Any) -> Iterator[httpx.Response]:
        """Send a request and read its answer while it is being written."""
        with self._translated(), self._client.stream(method, f"/v1{path}", **request) as answer:
            if answer.is_error:
                answer.read()
            _check(answer)
            yield answer

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except httpx.TimeoutException as error:
            raise Unreachable(f"{self._client.base_url} does not answer in time") from error
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
            raise Unreachable(f"{self._client.base_url} cannot be reached: {reason}") from error


@contextmanager
def connect() -> Iterator[Connection]:
    """Connect to EDGE_SHELF_URL with EDGE_SHELF_TOKEN; raise WrongUsage where one is missing."""
    url = _variable(URL_VARIABLE, "the service's address, such as http://localhost:8000")
    token = _variable(TOKEN_VARIABLE, "a token from `edge-shelf tokens issue`")
    if not url.startswith(("http://", "https://")):
        raise WrongUsage(f"{URL_VARIABLE} is {url}; it begins with http:// or https://")
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    try:
        client = httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT)
    except (httpx.InvalidURL, OSError, UnicodeEncodeError) as error:
        raise WrongUsage(f"the environment cannot be used to connect: {error}") from error
    with client:
        yield Connection(client)


def _variable(name: str, meaning: str) -> str:
    value = os.environ.get(name, "").strip()
    if not value:
        raise WrongUsage(f"{name} is not set: {meaning}; {_HINT}")
    return value


def _present(parameters: dict[str, object]) -> dict[str, Any]:
    return {name: value for name, value in parameters.items() if value is not None}


def _check(answer: httpx.Response) -> None:
    if answer.status_code in {401, 403}:
        raise WrongUsage(f"{answer.url.host} refused {TOKEN_VARIABLE}: {_detail(answer)}")
    if answer.is_error:
        raise Refused(_detail(answer), error_lines(_problem(answer).get("errors", [])))
    if answer.is_redirect:
        raise Unreachable(f"{answer.url} is not the edge-shelf API: it redirects elsewhere")


def _detail(answer: httpx.Response) -> str:
    return str(_problem(answer).get("detail") or f"{answer.status_code} {answer.reason_phrase}")


def _problem(answer: httpx.Response) -> dict[str, Json]:
    if not answer.headers.get("content-type", "").startswith("application/problem+json"):
        raise Unreachable(
            f"{answer.url} is not the edge-shelf API: it answered {answer.status_code}"
        )
    found: dict[str, Json] = answer.json()
    return found


def _read(answer: httpx.Response) -> Json:
    if not answer.headers.get("content-type", "").startswith("application/json"):
        raise Unreachable(f"{answer.url} is not the edge-shelf API: it sent no JSON")
    return answer.json()


def error_lines(errors: list[dict[str, Json]]) -> tuple[str, ...]:
    """Write a problem's errors as lines, the first twenty of them."""
    lines = [_error_line(item) for item in errors[:_SHOWN_ERRORS]]
    rest = len(errors) - len(lines)
    return (*lines, *([f"... and {rest} more"] if rest else []))


def _error_line(item: dict[str, Json]) -> str:
    places = (
        f"row {item['row']}" if item.get("row") is not None else None,
        item.get("column"),
        item.get("pointer"),
    )
    place = ", ".join(part for part in places if part)
    return f"{place}: {item['detail']}" if place else str(item["detail"])

"""The route class of /v1: whatever goes wrong leaves as a problem, and all answers are numbered."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from typing_extensions import override

from cloud_service.api.problems import answer, problem_of
from cloud_service.api.request_id import HEADER, request_id

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Route(APIRoute):
    """A route whose errors are problems; used instead of handlers on the app, which pages share."""

    @override
    def get_route_handler(self) -> _Handler:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            response = await _guarded(inner, request)
            response.headers[HEADER] = request_id(request)
            return response

        return handle


async def _guarded(inner: _Handler, request: Request) -> Response:
    try:
        return await inner(request)
    except Exception as error:
        name = request_id(request)
        return answer(problem_of(error, name), name)

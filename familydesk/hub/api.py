"""The addresses of a hub. Each reads its request within bounds, asks the hub in a thread, and writes the answer."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from familydesk.hub import bodies, faults, metrics
from familydesk.hub.faults import Rejected
from familydesk.hub.hub import Asker, Hub, Met, Opened, Part
from familydesk.hub.objects import CUSTOMS
from familydesk.hub.openapi import DESCRIPTION
from familydesk.sync.wire import frames
from familydesk.sync.wire.words import ObjectKind

_LOG = logging.getLogger("familydesk.hub")
_BYTES = "application/octet-stream"
Handler = Callable[[Request], Awaitable[Response]]


def application(hub: Hub) -> Starlette:
    """The hub as an ASGI application."""
    addresses = _Addresses(hub)
    inside = "/v1/center/{center}"
    one = inside + "/object/{kind}/{name}"
    told: list[tuple[str, str, str, Handler]] = [
        ("GET", "/health", "health", addresses.health),
        ("GET", "/metrics", "metrics", addresses.metrics),
        ("GET", "/openapi.json", "openapi", addresses.openapi),
        ("GET", "/v1/directory", "directory", addresses.directory),
        ("POST", inside + "/session", "session", addresses.session),
        ("POST", inside + "/meet", "meet", addresses.meet),
        ("POST", inside + "/pull", "pull", addresses.pull),
        ("POST", inside + "/push", "push", addresses.push),
        ("GET", inside + "/head", "head", addresses.head),
        ("GET", inside + "/object/{kind}", "names", addresses.names),
        ("GET", one, "get", addresses.get),
        ("PUT", one, "put", addresses.put),
        ("DELETE", one, "destroy", addresses.destroy),
    ]
    routes = [Route(path, _answered(hub, name, handler), methods=[method]) for method, path, name, handler in told]
    return Starlette(routes=routes, exception_handlers={HTTPException: _elsewhere})


class _Addresses:
    """What stands at each address."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def health(self, _request: Request) -> Response:
        await run_in_threadpool(self._hub.is_well)
        return JSONResponse({"status": "ok"})

    async def metrics(self, _request: Request) -> Response:
        return Response(await run_in_threadpool(self._hub.measured), media_type=metrics.MEDIA_TYPE)

    async def openapi(self, _request: Request) -> Response:
        return JSONResponse(DESCRIPTION)

    async def directory(self, request: Request) -> Response:
        return _framed(await run_in_threadpool(self._hub.directory, _address(request)))

    async def session(self, request: Request) -> Response:
        login = bodies.login(await bodies.facts(request))
        opened = await run_in_threadpool(self._hub.open, bodies.center(request), login, _address(request))
        return JSONResponse(_opened(opened))

    async def meet(self, request: Request) -> Response:
        found = await bodies.facts(request)
        asked = bodies.center(request), bodies.login(found), _address(request), bodies.left(found)
        return _met(await run_in_threadpool(self._hub.meet, *asked))

    async def pull(self, request: Request) -> Response:
        found = await bodies.facts(request)
        asked = bodies.center(request), self._asker(request), bodies.have(found), bodies.after(found)
        return _part(await run_in_threadpool(self._hub.pull, *asked), {})

    async def push(self, request: Request) -> Response:
        asker = self._asker(request)
        contents = await bodies.envelopes(request)
        receipts = await run_in_threadpool(self._hub.push, bodies.center(request), asker, contents)
        return JSONResponse([receipt.value for receipt in receipts])

    async def head(self, request: Request) -> Response:
        asked = bodies.center(request), self._asker(request), bodies.place(request)
        return Response(await run_in_threadpool(self._hub.head, *asked), media_type=_BYTES)

    async def names(self, request: Request) -> Response:
        asked = bodies.center(request), self._asker(request), bodies.kind(request)
        return JSONResponse(await run_in_threadpool(self._hub.names, *asked))

    async def get(self, request: Request) -> Response:
        return Response(await run_in_threadpool(self._hub.get, *self._one(request)), media_type=_BYTES)

    async def put(self, request: Request) -> Response:
        one = self._one(request)
        content = await bodies.content(request, CUSTOMS[one[2]].largest)
        new = await run_in_threadpool(self._hub.put, *one, content)
        return Response(status_code=201 if new else 200)

    async def destroy(self, request: Request) -> Response:
        await run_in_threadpool(self._hub.destroy, *self._one(request))
        return Response(status_code=204)

    def _one(self, request: Request) -> tuple[bytes, Asker, ObjectKind, str]:
        return bodies.center(request), self._asker(request), bodies.kind(request), bodies.name(request)

    def _asker(self, request: Request) -> Asker:
        """Who asks: a pass that is shown must be good, even where none is needed."""
        shown = bodies.ticket(request)
        return self._hub.asker(*shown, _address(request)) if shown else Asker(_address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _opened(opened: Opened) -> dict[str, object]:
    return {"pass": opened.ticket.hex(), "challenge": opened.challenge.hex()}


def _met(met: Met) -> Response:
    beside = {"number": met.beside.mark.number, "chain": met.beside.mark.chain.hex()}
    have = {device.hex(): seq for device, seq in met.have.items()}
    objects = {"objects": met.beside.names, "all_objects": met.beside.all, "beside": beside}
    return _part(met.part, {**_opened(met.opened), "have": have, **objects})


def _part(part: Part, facts: dict[str, object]) -> Response:
    """The facts in JSON, the head of the whole log, that of the page, and the page."""
    said = json.dumps({**facts, "more": part.page.more}).encode()
    return _framed([said, part.newest, part.head, *part.page.entries])


def _framed(pieces: Sequence[bytes]) -> Response:
    return Response(frames.joined(pieces), media_type=frames.MEDIA_TYPE)


def _answered(hub: Hub, what: str, handler: Handler) -> Handler:
    """The handler, counted, with every refusal as an answer. A defect is told by its kind alone."""

    async def answer(request: Request) -> Response:
        begun = time.perf_counter()
        try:
            with faults.told():
                response = await handler(request)
        except Rejected as rejected:
            response = _refusal(rejected)
        except Exception as error:
            last = traceback.extract_tb(error.__traceback__)[-1]
            _LOG.error("a defect at %s: %s in %s, line %s", what, type(error).__name__, last.name, last.lineno)
            response = _refusal(Rejected(500, "defect", "The hub made a mistake."))
        hub.metrics.request(what, response.status_code, time.perf_counter() - begun)
        return response

    return answer


def _refusal(rejected: Rejected) -> Response:
    told = {"error": rejected.word, "text": rejected.sentence, **rejected.more}
    # What is left of a body that was not read would be taken for the next request.
    closing = {"Connection": "close"} if rejected.status in (408, 413) else {}
    return JSONResponse(told, rejected.status, headers={**rejected.headers, **closing})


async def _elsewhere(_request: Request, error: Exception) -> Response:
    """No such address, or not in this way."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    headers = dict(getattr(error, "headers", None) or {})
    return _refusal(Rejected(status, "absent", "There is nothing here under this address.", headers=headers))

"""The description of the addresses in OpenAPI 3.1, published at /openapi.json and held to by the tests."""

from __future__ import annotations

from typing import Any

from familydesk.hub.objects import NAME
from familydesk.sync.wire import frames
from familydesk.sync.wire.words import ObjectKind, Receipt

VERSION = "1"
_LARGEST = 2**63 - 1
Facts = dict[str, Any]


def _hex(length: int, meaning: str) -> Facts:
    return {"type": "string", "pattern": f"^[0-9a-f]{{{length}}}$", "description": meaning}


_ANY_HEX = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
_NUMBER = {"type": "integer", "minimum": 0, "maximum": _LARGEST}
_HAVE = {
    "type": "object",
    "propertyNames": {"pattern": "^[0-9a-f]{32}$"},
    "additionalProperties": _NUMBER,
    "description": "By device: up to which number its envelopes are there, without a gap.",
}
_MARK = {
    "type": "object",
    "properties": {"number": _NUMBER, "chain": _ANY_HEX},
    "description": "A place among the objects, as the last answer gave it.",
}
_VISITED = {
    "type": "string",
    "maxLength": 500,
    "description": "Scheme, computer and port of the address that is visited, as it is signed.",
}
_LOGIN = {
    "device": _hex(32, "The device's id."),
    "challenge": _ANY_HEX,
    "signature": _ANY_HEX,
    "address": _VISITED,
}
_PLACE = {"have": _HAVE, "after": {**_NUMBER, "description": "The place in the log behind which to go on."}}
_OPENED = {"pass": _ANY_HEX, "challenge": _ANY_HEX}


def _object(properties: Facts, *required: str) -> Facts:
    return {"type": "object", "properties": properties, "required": list(required)}


SCHEMAS = {
    "Login": _object(_LOGIN, "device"),
    "Meet": _object({**_LOGIN, **_PLACE, "beside": _MARK}, "device"),
    "Pull": _object(_PLACE),
    "Opened": _object(_OPENED, "pass", "challenge"),
    "Receipts": {"type": "array", "items": {"enum": [receipt.value for receipt in Receipt]}},
    "Names": {"type": "array", "items": {"type": "string", "pattern": f"^{NAME}$"}},
    "Refusal": _object({"error": {"type": "string"}, "text": {"type": "string"}}, "error", "text"),
}

_CENTER = {"name": "center", "in": "path", "required": True, "schema": _hex(32, "The center's id.")}
_KIND = {"name": "kind", "in": "path", "required": True, "schema": {"enum": [kind.value for kind in ObjectKind]}}
_NAME = {"name": "name", "in": "path", "required": True, "schema": {"type": "string", "pattern": f"^{NAME}$"}}
_AT = {"name": "at", "in": "query", "schema": {**_NUMBER, "maximum": 10**18 - 1}, "description": "A place in the log."}

_REFUSED = {
    "400": "What was sent cannot be read.",
    "401": "A pass is needed, or the challenge in the answer is to be signed.",
    "403": "This is not for this device to do.",
    "404": "There is nothing here under this name.",
    "408": "The request did not arrive in time.",
    "413": "More than may be sent at once.",
    "429": "Too often; `Retry-After` says when to come again.",
    "503": "The database does not answer now.",
    "507": "There is no room for it here.",
}
_REFUSAL = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
_PASS: list[Facts] = [{"pass": []}]
_OPEN: list[Facts] = []
_EITHER: list[Facts] = [{}, {"pass": []}]


def _json(name: str) -> Facts:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


_BYTES = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
_FRAMES = {frames.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}


def _operation(summary: str, answers: Facts, security: list[Facts], body: Facts | None = None, *more: Facts) -> Facts:
    refused = {status: {"description": why, "content": _REFUSAL} for status, why in _REFUSED.items()}
    operation = {"summary": summary, "responses": {**answers, **refused}, "security": security}
    if more:
        operation["parameters"] = list(more)
    if body:
        operation["requestBody"] = {"required": True, "content": body}
    return operation


def _answer(description: str, content: Facts | None = None, status: str = "200") -> Facts:
    return {status: {"description": description, **({"content": content} if content else {})}}


_PART = "Frames: facts in JSON, the signed head of the whole log, that of the page's end, then the page in order."
_LET_IN = _answer("A pass, and a challenge to keep.", _json("Opened"))
_STORED = {**_answer("It lies here already, or was destroyed."), **_answer("Kept.", None, "201")}

PATHS: Facts = {
    "/health": {
        "get": _operation(
            "Whether the hub and its database answer.",
            _answer("Both do.", {"application/json": {"schema": _object({"status": {"const": "ok"}}, "status")}}),
            _OPEN,
        )
    },
    "/metrics": {
        "get": _operation(
            "Counters in the words of Prometheus.",
            _answer("Sums over all centers.", {"text/plain": {"schema": {"type": "string"}}}),
            _OPEN,
        )
    },
    "/openapi.json": {
        "get": _operation(
            "This description.", _answer("OpenAPI 3.1.", {"application/json": {"schema": {"type": "object"}}}), _OPEN
        )
    },
    "/v1/directory": {
        "get": _operation("The centers' certificates.", _answer("Frames: one certificate each.", _FRAMES), _OPEN)
    },
    "/v1/center/{center}/session": {
        "parameters": [_CENTER],
        "post": _operation(
            "Come in.", _answer("A pass, and a challenge to keep.", _json("Opened")), _OPEN, _json("Login")
        ),
    },
    "/v1/center/{center}/meet": {
        "parameters": [_CENTER],
        "post": _operation("Come in, and hear what is new.", _answer(_PART, _FRAMES), _OPEN, _json("Meet")),
    },
    "/v1/center/{center}/pull": {
        "parameters": [_CENTER],
        "post": _operation("The next page of the log.", _answer(_PART, _FRAMES), _PASS, _json("Pull")),
    },
    "/v1/center/{center}/push": {
        "parameters": [_CENTER],
        "post": _operation(
            "Hand envelopes over.", _answer("One receipt for each, in order.", _json("Receipts")), _PASS, _FRAMES
        ),
    },
    "/v1/center/{center}/head": {
        "parameters": [_CENTER],
        "get": _operation("The signed head of the log.", _answer("The head.", _BYTES), _PASS, None, _AT),
    },
    "/v1/center/{center}/object/{kind}": {
        "parameters": [_CENTER, _KIND],
        "get": _operation("The objects of a kind.", _answer("Their names.", _json("Names")), _PASS),
    },
    "/v1/center/{center}/object/{kind}/{name}": {
        "parameters": [_CENTER, _KIND, _NAME],
        "get": _operation("An object.", _answer("Its bytes.", _BYTES), _EITHER),
        "put": _operation("Leave an object.", _STORED, _EITHER, _BYTES),
        "delete": _operation("Take an object away for good.", _answer("It is gone.", None, "204"), _PASS),
    },
}

DESCRIPTION: Facts = {
    "openapi": "3.1.0",
    "info": {
        "title": "FamilyDesk hub",
        "version": VERSION,
        "description": "Keeps a center's sealed envelopes in order and gives them out. It can read none of them.",
        "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    },
    "paths": PATHS,
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {
            "pass": {
                "type": "apiKey",
                "in": "header",
                "name": "Authorization",
                "description": "FamilyDesk <center, 32 hex>.<pass, hex>: from /session or /meet, good for an hour.",
            }
        },
    },
}

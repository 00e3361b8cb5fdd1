"""What the service says about itself at /openapi.json: the wire types as msgspec describes them."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from reviewer.casesystem.problems import PROBLEM_JSON
from reviewer.model.events import Problem

_REFS = "#/components/schemas/{name}"
_described: dict[str, type] = {}


def describes(
    *answers: type, request: type | None = None, status: int = 200, refusals: tuple[int, ...] = ()
) -> dict[str, Any]:
    """Keyword arguments for a route decorator: what goes in, what comes out (one of these), how it may be refused."""
    responses: dict[int | str, dict[str, Any]] = {status: {"description": "Done"}}
    if answers:
        schemas = [_ref(kind) for kind in answers]
        schema = schemas[0] if len(schemas) == 1 else {"oneOf": schemas}
        responses[status]["content"] = {"application/json": {"schema": schema}}
    for code in (401, *refusals):
        responses[code] = {"description": "Refused", "content": {PROBLEM_JSON: {"schema": _ref(Problem)}}}
    extra: dict[str, Any] = {}
    if request is not None:
        extra["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(request)}}}
    return {"responses": responses, "openapi_extra": extra, "status_code": status}


def _ref(kind: type) -> dict[str, str]:
    _described[kind.__name__] = kind
    return {"$ref": _REFS.format(name=kind.__name__)}


def install_openapi(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
            refused = {"description": "Refused", "content": {PROBLEM_JSON: {"schema": _ref(Problem)}}}
            for methods in document["paths"].values():
                for route in methods.values():
                    # FastAPI announces its own shape of refusal; ours are all problems.
                    if "422" in route["responses"]:
                        route["responses"]["422"] = refused
            _, schemas = msgspec.json.schema_components(_described.values(), ref_template=_REFS)
            components = document.setdefault("components", {})
            components["schemas"] = schemas
            components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"bearer": []}]
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]

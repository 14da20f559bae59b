"""Every answer that is not a Report, as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai.errors import TYPE_PREFIX, Busy, Refusal, TooLarge
from gongkai.invalid import UNUSABLE, told, unparsed

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER = "10"  # seconds: about one report
FORM_OVERHEAD = 256 * 1024  # bytes that multipart headers and metadata may add to the files
OTHERS: dict[str, tuple[int, str, str]] = {
    "bad_request": (
        400,
        "请求格式有误",
        "请求体无法解析，原因见 errors。文件请以 multipart/form-data 提交。",
    ),
    "key_wanted": (
        401,
        "需要密钥",
        "请在请求头 Authorization: Bearer 中给出有效的密钥；密钥由 gongkai keys create 建立。",
    ),
    "out_of_scope": (403, "密钥权限不足", "该密钥无权执行此操作。请使用具有相应权限的密钥。"),
    "foreign_host": (
        403,
        "主机名不符",
        "未启用密钥时只能以 localhost 或 127.0.0.1 访问。请改用本机地址，或在请求中给出密钥。",
    ),
    "not_found": (404, "没有此地址", "请核对请求地址；接口说明见 /openapi.json。"),
    "unknown_report": (404, "没有此报告", "请核对报告编号；编号以提交时返回的 Location 为准。"),
    "unknown_webhook": (404, "没有此回调", "请核对回调地址或投递的编号。"),
    "unknown_batch": (404, "没有此批次", "请核对批次编号；编号以提交时返回的 Location 为准。"),
    "unknown_page": (404, "没有此页", "请核对页码、文件序号，以及图上要标出的数字或问题的编号。"),
    "not_acceptable": (406, "没有此格式", "可用的格式见 /openapi.json 中 format 的取值。"),
    "too_many_webhooks": (409, "回调地址过多", "请先删除不再使用的回调地址。"),
    "method_not_allowed": (405, "不支持此方法", "请核对请求方法；接口说明见 /openapi.json。"),
    "deleted": (410, "报告已删除", "文件和结果均已删除。需要时请重新提交文件。"),
    "invalid_request": (422, "请求参数有误", "请按 errors 所列逐项改正。"),
    "key_reused": (
        422,
        "Idempotency-Key 重复使用",
        "该 Idempotency-Key 已用于另一次提交。请为不同的提交使用不同的值。",
    ),
    "too_many_listeners": (
        429,
        "监听过多",
        "同一客户最多同时监听 32 份报告的进度。请先关闭不再需要的连接，或改为查询状态。",
    ),
    "internal": (500, "服务内部错误", "请稍后重试；仍然失败时，请把文件交给维护人员。"),
    "unavailable": (
        503,
        "服务暂不可用",
        "目前不能受理请求，原因见 errors。请稍后重试；仍然失败时，请联系维护人员。",
    ),
}
DATABASE = {"database": "数据库无法连接。"}
LOST = (OperationalError, InterfaceError, NoConnection)  # what SQLAlchemy raises when it does not answer
ACCESS = ("key_wanted", "out_of_scope", "foreign_host")  # what may be wrong with who asks
USUAL = {status: name for name, (status, _, _) in reversed(OTHERS.items())}


class Problem(Exception):
    """An answer that is a problem of :data:`OTHERS` and no refusal."""

    def __init__(
        self, name: str, headers: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
    ) -> None:
        self.name, self.headers = name, headers
        self.errors = [{"field": field, "message": message} for field, message in (errors or {}).items()]
        super().__init__(name)


def install(app: FastAPI) -> None:
    """Make every failure of ``app`` a problem."""
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    for lost in LOST:
        app.add_exception_handler(lost, _unavailable)


def invalid(field: str, message: str, part: str = "body") -> RequestValidationError:
    """The error to raise when ``field`` of a request cannot be used."""
    return RequestValidationError([{"loc": (part, field), "msg": message, "type": UNUSABLE}])


class BodyLimit:
    """Refuses a body whose files exceed ``most`` bytes: at once if its length is declared, else while it streams in.

    FastAPI's own limit answers in plain text.
    """

    def __init__(self, app: ASGIApp, most: int) -> None:
        self.app, self.most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        ceiling = self.most + FORM_OVERHEAD
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        seen = int(declared) if declared.isdigit() and int(declared) > ceiling else 0

        async def counted() -> Message:
            nonlocal seen
            if seen <= ceiling:
                message = await receive()
                seen += len(message.get("body", b""))
                if seen <= ceiling:
                    return message
            # the only shape that FastAPI lets through while it parses a form
            raise HTTPException(TooLarge.status, TooLarge(self.most).problem())

        await self.app(scope, counted, send)


class LastResort:
    """Answers for what failed for a reason of ours, inside of what adds headers (Starlette's own handler stands outside of all)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if begun or scope["type"] != "http":  # the server cuts it off
                raise
            log.error("unexpected", exc_info=error)
            await _answer(other("internal"))(scope, receive, send)


def other(name: str, **more: Any) -> dict[str, Any]:
    """A problem that is no refusal: the request's fault, or ours."""
    status, title, detail = OTHERS[name]
    return {"type": TYPE_PREFIX + name, "title": title, "status": status, "detail": detail} | {
        key: value for key, value in more.items() if value
    }


def _answer(problem: dict[str, Any], headers: Any = None) -> JSONResponse:
    return JSONResponse(problem, problem["status"], headers=headers, media_type=MEDIA_TYPE)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refusal)
    return _answer(error.problem(), {"Retry-After": RETRY_AFTER} if isinstance(error, Busy) else None)


async def _problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)
    return _answer(other(error.name, errors=error.errors), error.headers)


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, StarletteHTTPException)
    if isinstance(error.detail, dict):
        return _answer(error.detail, error.headers)
    usual = USUAL.get(error.status_code, "bad_request" if error.status_code < 500 else "internal")
    errors = [unparsed(error.detail)] if error.status_code == 400 else []
    headers = _allowed(request) if error.status_code == 405 else error.headers
    return _answer(other(usual, errors=errors), headers)


def _allowed(request: Request) -> dict[str, str]:
    """Every method of an address: Starlette names those of the first route that has it."""
    routes = iter_route_contexts(request.app.routes)
    here = [each.methods or () for each in routes if each.path_regex.match(request.url.path)]
    return {"Allow": ", ".join(sorted({method for methods in here for method in methods}))}


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return _answer(other("invalid_request", errors=[told(each) for each in error.errors()]))


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    log.error("the database does not answer", exc_info=error)
    return await _problem(request, Problem("unavailable", {"Retry-After": RETRY_AFTER}, DATABASE))

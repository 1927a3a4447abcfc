"""What every request passes: a guard or nothing, headers, sizes, errors in words.

A view without a guard is not served (deny by default). Public views are the short list in the factory.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf, validate_csrf
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.exceptions import NotFound as HttpNotFound
from wtforms import ValidationError

from respite.core.db import end_read
from respite.core.errors import Busy, NotFound, Refusal, StaleVersion
from respite.core.logs import log

LARGEST_BODY = 1_000_000  # bytes; a form of this product is a few kilobytes
API_PREFIX = "/api/"
LONGEST_PATH = 2000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POSTGRES_DISK_FULL = "53100"


class FormGuard(CSRFProtect):
    """The token of every form. The API needs none: it takes no cookie, so no other site can act through it."""

    def protect(self, apply_exemptions: bool = False) -> None:
        if discreet_error_page() is not None:
            self._protect_without_referrer()
        elif _largest_file() is not None and not g.get("file_is_read"):
            return  # the token is looked at when it is known whose file it is, see _read_file
        elif not wants_api() and not _by_another_server():
            super().protect(apply_exemptions=apply_exemptions)

    def _protect_without_referrer(self) -> None:
        """The token as on any page. A discreet page tells no address, so none can be compared."""
        if request.method not in SAFE_METHODS:
            try:
                validate_csrf(self._get_csrf_token())
            except ValidationError as error:
                raise CSRFError("no token of this page") from error


csrf = FormGuard()
View = TypeVar("View", bound=Callable[..., Any])
Check = Callable[[dict[str, Any]], None]
#: Learns who asks before the guard is passed; an answer of its own ends the request.
Identify = Callable[[], ResponseReturnValue | None]

_GUARD = "__respite_guard__"
_SIGNED = "__respite_signed__"
_TAKES = "__respite_takes__"
_PASSED_OVER = 4  # times the most that a file may have, read and thrown away so that the answer is heard


def guard(name: str, check: Check) -> Callable[[View], View]:
    """A decorator that states a view's guard. `check` gets the view's arguments, may replace them, and raises."""

    def state(view: View) -> View:
        setattr(view, _GUARD, (name, check))
        return view

    return state


def guard_of(view: Callable[..., Any]) -> tuple[str, Check] | None:
    return getattr(view, _GUARD, None)


def signed_by_sender(view: View) -> View:
    """A decorator: another server calls this view, which checks that server's signature itself and knows no person."""
    setattr(view, _SIGNED, True)
    return view


def takes_file(most: int) -> Callable[[View], View]:
    """A decorator: the view's form carries a file of up to so many bytes, more than any other form may have.

    It is read off the line after the guard, so nobody without the right can send one. One that is larger is not read:
    `file_too_large()` is true in the view, and the form is empty.
    """

    def state(view: View) -> View:
        setattr(view, _TAKES, most)
        return view

    return state


def file_too_large() -> bool:
    return bool(g.get("file_too_large"))


def _largest_file() -> int | None:
    most: int | None = getattr(current_app.view_functions.get(request.endpoint or ""), _TAKES, None)
    return None if request.method in SAFE_METHODS else most


def _read_file() -> None:
    most = _largest_file()
    if most is None:
        return
    request.max_content_length = most + LARGEST_BODY
    g.file_is_read = True
    try:
        request.form  # noqa: B018  (reads all of it)
    except RequestEntityTooLarge:
        g.file_too_large = True
        request.__dict__.update(form=ImmutableMultiDict(), files=ImmutableMultiDict())
        _pass_over(_PASSED_OVER * most)
        return
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()


def _pass_over(most: int) -> None:
    """Browsers hear no answer while they still send."""
    line = request.environ["wsgi.input"]
    left = min(most, request.content_length or 0)
    while left > 0 and (part := line.read(min(left, 65_536))):
        left -= len(part)


def _by_another_server() -> bool:
    return hasattr(current_app.view_functions.get(request.endpoint or ""), _SIGNED)


def install(app: Flask, public: frozenset[str]) -> None:
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    app.config["MAX_FORM_PARTS"] = 500
    app.extensions["respite.identify"] = []
    app.extensions["respite.discreet"] = {}
    app.before_request(_begin)
    csrf.init_app(app)
    app.before_request(_identify)
    app.before_request(lambda: _pass_guard(public))
    app.before_request(_read_file)
    app.after_request(_headers)
    app.teardown_request(_end)
    app.context_processor(_for_templates)
    app.register_error_handler(Refusal, answer_refusal)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, _answer_http)
    app.register_error_handler(StaleDataError, lambda _error: answer_refusal(StaleVersion()))
    # Somebody took the row away between the guard and the act.
    app.register_error_handler(ObjectDeletedError, lambda _error: answer_refusal(NotFound()))
    app.register_error_handler(OperationalError, answer_database)
    app.register_error_handler(PoolTimeout, lambda _error: answer_refusal(Busy()))
    app.register_error_handler(Exception, _answer_unforeseen)


def _begin() -> None:
    for name in list(g):  # a request inside an open application context would go on with who asked before
        g.pop(name)
    g.began = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    g.csp_nonce = secrets.token_urlsafe(16)
    _refuse_foreign_sites()


def _refuse_foreign_sites() -> None:
    """A light wall in front of the CSRF token: browsers say where an unsafe request comes from."""
    if request.method in SAFE_METHODS or wants_api() or _by_another_server():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site not in (None, "same-origin", "none"):
        raise CSRFError("another site")
    origin = request.headers.get("Origin")
    if site is None and origin and origin != "null" and urlsplit(origin).netloc != request.host:
        raise CSRFError("another site")


def identify_by(app: Flask, identify: Identify) -> None:
    """Have `identify` run for each request, after the form's token was checked and before the view's guard."""
    app.extensions["respite.identify"].append(identify)


def discreet_under(app: Flask, prefix: str, error_page: str) -> None:
    """Pages under `prefix` tell nobody what they are: no referrer, no search engine, an error page of their own."""
    app.extensions["respite.discreet"][prefix] = error_page


def discreet_error_page() -> str | None:
    """The template for what goes wrong on a discreet page; none on any other."""
    pages: dict[str, str] = current_app.extensions["respite.discreet"]
    return next((page for prefix, page in pages.items() if request.path.startswith(prefix)), None)


#: Served to anybody and drawn for nobody, also while the database does not answer.
NOBODY_ASKED = frozenset({"static", "core.live", "core.ready"})


def _identify() -> ResponseReturnValue | None:
    if request.endpoint in NOBODY_ASKED or _by_another_server():
        return None
    callbacks: list[Identify] = current_app.extensions["respite.identify"]
    for identify in callbacks:
        answer = identify()
        if answer is not None:
            return answer
    return None


def _pass_guard(public: frozenset[str]) -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint in public:
        return
    stated = guard_of(current_app.view_functions[endpoint])
    if stated is None:
        log.error("web.unguarded", route=endpoint)
        raise NotFound
    stated[1](request.view_args if request.view_args is not None else {})


def _headers(response: Response) -> Response:
    nonce = g.get("csp_nonce", "")
    response.headers.setdefault(
        "Content-Security-Policy",
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if discreet_error_page() is None:
        response.headers.setdefault("Referrer-Policy", "same-origin")
    else:
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    if current_app.config["HTTPS"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    elif response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"  # what is missing today may be there after the next upgrade
    elif _is_as_named():
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif request.path.endswith(".woff2"):  # named by the style sheet, so without a digest; asked for on every page
        response.headers["Cache-Control"] = "public, max-age=604800"
    log.info(
        "web.answered",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
        request_id=g.get("request_id"),
    )
    return response


def _end(_error: BaseException | None) -> None:
    end_read()


def _for_templates() -> dict[str, Any]:
    return {"asset": asset, "csp_nonce": lambda: g.csp_nonce, "csrf_token": generate_csrf}


def asset(name: str) -> str:
    """The address of a static file with its content's digest, so that browsers may keep it for good."""
    path = Path(current_app.static_folder or "") / name
    mark = _mark(path, path.stat().st_mtime_ns) if path.is_file() else "none"
    return url_for("static", filename=name, v=mark)


def _is_as_named() -> bool:
    """Whether the address of a static file names its content as it is, and not as another version had it."""
    path = Path(current_app.static_folder or "") / (request.view_args or {}).get("filename", "")
    return request.args.get("v") == _mark(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=512)
def _mark(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def wants_api() -> bool:
    return request.path.startswith(API_PREFIX)


def answer_refusal(refusal: Refusal) -> ResponseReturnValue:
    """A rule stood against the act: problem+json for the API, a page with the sentence for people."""
    log.info("web.refused", rule=refusal.rule(), status=refusal.status)
    return _answer(refusal.status, refusal.rule(), str(refusal.sentence), getattr(refusal, "fields", None))


def _answer(status: int, rule: str, sentence: str, fields: dict[str, Any] | None = None) -> ResponseReturnValue:
    end_read()
    if wants_api():
        body: dict[str, Any] = {
            "type": f"{current_app.config['PUBLIC_URL']}/problems/{rule}",
            "title": rule.replace("-", " "),
            "status": status,
            "detail": sentence,
        }
        if fields:
            body["errors"] = {name: str(text) for name, text in fields.items()}
        response = current_app.json.response(body)
        response.content_type = "application/problem+json"
    else:
        page = discreet_error_page() or "error.html"
        response = make_response(render_template(page, status=status, sentence=sentence, fields=fields or {}))
    response.status_code = status
    if status == Busy.status:
        response.headers["Retry-After"] = "2"
    return response


def _answer_csrf(_error: CSRFError) -> ResponseReturnValue:
    return _answer(
        400, "form-too-old", _("This page was open for too long. Please open it again and send it once more.")
    )


def _answer_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is not None and 300 <= error.code < 400:
        return error.get_response()
    if isinstance(error, HttpNotFound):
        return _answer(404, "not-found", str(NotFound.sentence))
    if isinstance(error, RequestEntityTooLarge):
        return _answer(413, "too-large", _("That is more than can be sent at once. Please send less."))
    sentences = {
        405: _("That address does not take this kind of request."),
        429: _("That was tried many times just now. Please wait a little and try again."),
    }
    sentence = sentences.get(error.code or 500) or _("What was sent could not be read. Please go back and try again.")
    response = make_response(_answer(error.code or 500, (error.name or "error").lower().replace(" ", "-"), sentence))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def answer_database(error: OperationalError) -> ResponseReturnValue:
    """A full disk is said as such; everything else passes, so trying again is right."""
    log.error("database.failed", error=type(error.orig).__name__, status=503)
    if getattr(error.orig, "sqlstate", None) == POSTGRES_DISK_FULL or "disk is full" in str(error.orig):
        return _answer(
            507,
            "disk-full",
            _("The disk is full, so nothing can be saved. What was there is safe. Please make room and try again."),
        )
    return _answer(503, "busy", str(Busy.sentence))


def _answer_unforeseen(error: Exception) -> ResponseReturnValue:
    where = ""
    trace = error.__traceback__
    while trace is not None:
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    log.error("web.failed", error=type(error).__name__, where=where, request_id=g.get("request_id"))
    if current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    return _answer(500, "failed", _("Something went wrong on our side. Nothing you did was lost; please try again."))


def own_page(default: str) -> str:
    """The page somebody came from (`back` in the form or the address), when it is one of ours."""
    return own_path(request.values.get("back", "")) or default


def own_path(wanted: str) -> str | None:
    """The path and query, when it leads to a page of ours; nothing for any other address.

    Browsers read a backslash as a slash and drop tabs and line ends, so those lead nowhere.
    """
    if not wanted.startswith("/") or wanted.startswith("//") or len(wanted) > LONGEST_PATH:
        return None
    if "\\" in wanted or any(unicodedata.category(letter)[0] == "C" for letter in wanted):
        return None
    return wanted


def back_to(default: str) -> Response:
    """Redirect to the page the form came from, when it is one of ours."""
    return redirect(own_page(default), 303)  # type: ignore[return-value]

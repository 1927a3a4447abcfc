"""What the provider tells us: a text that came in, a status of one that left.

Answered only where the provider's own signature is right, over the address that it was given (PUBLIC_URL). What cannot
be kept just now is answered 503, so that it is sent again; anything else a signed form may hold is taken in, never
refused. Bodies and numbers stand in no log.
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import RequestEntityTooLarge

from respite.core.clock import house_now, machine_now
from respite.core.db import db, transaction, waiting_at_most
from respite.core.errors import Busy
from respite.core.logs import log
from respite.core.settings import Settings
from respite.core.web import signed_by_sender
from respite.messaging.gateway import LineDown, gateway, is_set_up, put_right
from respite.messaging.jobs import texts_now
from respite.messaging.service import incoming, statuses, sweeping
from respite.messaging.service.marks import mark

LARGEST_FORM = 64_000  # bytes; a text of 1,600 emoji with ten pictures takes a third of it
TRY_AGAIN_SECONDS = "15"
#: Twilio hangs up after fifteen seconds and sends it again; two are for the act itself, and for the way.
PATIENCE_SECONDS = 13
HEARD, REFUSED = "webhook", "webhook-refused"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
#: What is kept of an inbound form beside the words, the number and the SID; not where a phone is at home.
TOLD = ("MessagingServiceSid", "NumMedia", "NumSegments", "MediaUrl", "MediaContentType", "OptOutType")

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")


@dataclass
class Counted:
    """Calls that wait to be counted. Each kind is written down once a second at most: forged calls cost no more."""

    waiting: dict[str, int] = field(default_factory=dict)
    written: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def another(self, name: str) -> int:
        """How many are to be written down now, this one among them; 0 where it is too soon."""
        with self.lock:
            self.waiting[name] = self.waiting.get(name, 0) + 1
            if time.monotonic() - self.written.get(name, float("-inf")) < 1:
                return 0
            self.written[name] = time.monotonic()
            return self.waiting.pop(name)


@blueprint.post("/inbound")
@signed_by_sender
def inbound() -> ResponseReturnValue:
    return _taken_in(_inbound)


@blueprint.post("/status/<uuid:attempt_id>")
@signed_by_sender
def status(attempt_id: uuid.UUID) -> ResponseReturnValue:
    def take_in(form: Mapping[str, str]) -> Response:
        statuses.heard(attempt_id, form, texts_now())
        return Response(status=204)

    return _taken_in(take_in)


def _taken_in(take_in: Callable[[Mapping[str, str]], Response]) -> Response:
    request.max_content_length = LARGEST_FORM
    try:
        sent = request.form
    except RequestEntityTooLarge:
        return Response(status=413)
    if not is_set_up() or not gateway().signed(address(), sent, request.headers.get("X-Twilio-Signature", "")):
        _count(REFUSED)
        return Response(status=403)
    try:
        # The first of several values counts. NUL is no letter, and PostgreSQL keeps none.
        form = {name.replace("\0", ""): value.replace("\0", "") for name, value in sent.items()}
        with waiting_at_most(PATIENCE_SECONDS):
            answer = take_in(form)
    except (OperationalError, InternalError, PoolTimeout, Busy, LineDown) as error:  # Internal: it only reads now
        return _again(error)
    except DBAPIError as error:
        if not error.connection_invalidated:
            raise
        return _again(error)
    _count(HEARD)
    return answer


def address() -> str:
    """This address as the provider was told it: the public one, with the path and query as they came."""
    settings: Settings = current_app.extensions["respite.settings"]
    raw = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path.rstrip("?"))
    if not raw.startswith("/"):  # a proxy may send the whole address
        raw = "/" + raw.partition("://")[2].partition("/")[2]
    return settings.public_url + raw.partition("#")[0]


def _inbound(form: Mapping[str, str]) -> Response:
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if sid:
        number, body, opt_out_type = form.get("From", ""), form.get("Body", ""), form.get("OptOutType", "").upper()
        incoming.heard(
            sid=sid,
            number=number,
            to=form.get("To", ""),
            body=body,
            sent_at=sweeping.said_at(sid, number, body, opt_out_type, again=_sent_again(), now=_provider_now()),
            opt_out_type=opt_out_type or None,
            media=_small_number(form.get("NumMedia", "")),
            via="webhook",
            now=house_now(),
            told={name: value[:500] for name, value in form.items() if name.startswith(TOLD)},
        )
    else:
        log.warning("texts.without-sid")
    return Response(EMPTY_TWIML, mimetype="text/xml")


def _provider_now() -> datetime:
    """The provider's time: this machine's, unless that is known to be wrong."""
    return put_right(machine_now())


def _sent_again() -> bool:
    """Whether an earlier delivery of the same form failed."""
    return "I-Twilio-Idempotency-Token" in request.headers


def _small_number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 4 else 0


def _again(error: Exception) -> Response:
    log.error("texts.webhook-not-kept", error=type(error).__name__, status=503)
    db.session.rollback()
    return Response(status=503, headers={"Retry-After": TRY_AGAIN_SECONDS})


def _count(name: str) -> None:
    """For whoever sets the line up. It is no part of what was told, so it may fail."""
    counted: Counted = current_app.extensions["respite.webhooks-counted"]
    count = counted.another(name)
    if not count:
        return
    try:
        with waiting_at_most(1), transaction() as session:
            mark(session, name, machine_now(), by=count)
    except (SQLAlchemyError, Busy) as error:
        log.warning("texts.webhook-not-counted", error=type(error).__name__)

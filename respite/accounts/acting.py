"""Who acts in this request, and acting once.

`current_actor` is set for each request by `accounts.sessions` (a signed-in person), `accounts.displays`
(a paired wall) or `accounts.tokens` (the API). `act_once` makes a double tap one act.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import sqlalchemy as sa
from flask import Response, flash, g, redirect, request
from sqlalchemy.exc import IntegrityError

from respite.accounts.actor import Actor
from respite.accounts.errors import SignInNeeded
from respite.accounts.models import Answered
from respite.core.clock import machine_now
from respite.core.crypto import digest, seal, unseal
from respite.core.db import db, joinable, transaction
from respite.core.errors import IdempotencyKeyReused
from respite.core.forms import new_key

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 200

Answer = dict[str, Any]


def current_actor() -> Actor | None:
    return g.get("actor")


def acting() -> Actor:
    """Whoever acts in this request. Raises SignInNeeded where nobody does."""
    actor = current_actor()
    if actor is None:
        raise SignInNeeded
    return actor


def act_once(actor: Actor, key: str | None, route: str, body: bytes, act: Callable[[], Answer]) -> Answer:
    """Run `act` and keep its answer with the key, in the act's own transaction.

    The same key with the same body brings the kept answer; with another body it raises
    IdempotencyKeyReused. A refusal is not kept, so the same form may be sent again. `act` calls one use
    case, whose transaction joins this one, and returns what JSON can hold.
    """
    if not key:
        return act()
    marks = {"actor": actor.ref, "key_hash": digest(key), "route": route, "body_hash": digest(body.hex())}
    try:
        with joinable() as session:
            kept = _kept(marks)
            if kept is not None:
                return _same(kept, marks)
            row = Answered(**marks, at=machine_now())
            session.add(row)
            session.flush()
            answer = act()
            row.answer_sealed = seal(json.dumps(answer), "answered", row.id)
            return answer
    except IntegrityError as error:
        if "answered" not in str(error.orig):
            raise
        # The twin of this request came first and has just been committed.
        kept = _kept(marks)
        if kept is None:
            raise
        return _same(kept, marks)


def _kept(marks: dict[str, Any]) -> Answered | None:
    return db.session.scalar(
        sa.select(Answered).where(Answered.actor == marks["actor"], Answered.key_hash == marks["key_hash"])
    )


def _same(kept: Answered, marks: dict[str, Any]) -> Answer:
    if kept.route != marks["route"] or kept.body_hash != marks["body_hash"] or kept.answer_sealed is None:
        raise IdempotencyKeyReused
    answer: Answer = json.loads(unseal(kept.answer_sealed, "answered", kept.id))
    return answer


def forget_old_answers() -> int:
    """Answers older than 24 hours are let go; returns how many."""
    with transaction() as session:
        gone = session.execute(sa.delete(Answered).where(Answered.at < machine_now() - KEPT_FOR))
        return cast("sa.CursorResult[tuple[()]]", gone).rowcount


def done(location: str, said: str | None = None, undo: str | None = None, **fields: object) -> Answer:
    """What an act of a form is answered with: where to go, what to say, and where Undo posts its `fields`."""
    return {"location": location, "flash": said, "undo": undo, "fields": {k: str(v) for k, v in fields.items()}}


def act_form(actor: Actor, act: Callable[[], Answer]) -> Response:
    """Answer a sent form: act once for its hidden `key`, say what was done, and go on (303).

    `act` calls one use case and returns `done(...)`.
    """
    answer = act_once(actor, request.form.get("key"), request.path, form_body(), act)
    if answer["flash"]:
        undo = {"undo": answer["undo"], "fields": {"key": new_key()} | answer["fields"]} if answer["undo"] else {}
        flash({"text": answer["flash"], **undo})  # type: ignore[arg-type]  # ui.flashes() draws these facts
    return redirect(answer["location"], 303)  # type: ignore[return-value]


def form_body() -> bytes:
    """What the form sent, to be compared with its twin. The CSRF token is no part of it: it is renewed by itself."""
    sent = sorted((name, request.form.getlist(name)) for name in request.form if name != "csrf_token")
    return json.dumps(sent).encode()

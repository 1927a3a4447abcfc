"""What a guest keeps from somebody who works here: in every read of that person's requests it is not there.

A feature says once for each of its tables which rows are about a guest: `hidden` takes them out of whatever is read,
`nameless` leaves a row that a door or a chair needs, and takes from it whose it is and their words. So no page, list,
count or search asks by itself. A use case reads everything: in its transaction all guests count, whoever acts.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from flask import g, has_request_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from respite.accounts.actor import Actor
from respite.accounts.models import KeptFrom
from respite.core.db import Base, db

#: The guests who are kept from whoever looks, as they are when a statement is executed.
Guests = sa.BindParameter[Any]
#: Which rows are about one of these guests.
About = Callable[[Guests], sa.ColumnElement[bool]]

NOBODY: frozenset[uuid.UUID] = frozenset()

_hidden: dict[type[Base], ExecutableOption] = {}
_nameless: dict[type[Base], tuple[str, ...]] = {}


def hidden(model: type[Base], about: About) -> None:
    """Rows of `model` that are about a guest are not there for whom that guest keeps them from."""
    # A row remembers how it was read and is read again behind a use case: so whom it leaves out is asked each time.
    guests = sa.bindparam("kept_from_viewer", callable_=_guests_now, expanding=True, type_=sa.Uuid())
    others = sa.not_(sa.func.coalesce(about(guests), sa.false()))
    _hidden[model] = with_loader_criteria(model, others, include_aliases=True)


def nameless(model: type[Base], *columns: str) -> None:
    """Rows of `model` stay, as if nobody had given a name: without their `guest_id` and these columns."""
    if model not in _nameless:
        event.listen(model, "load", _on_load)
        event.listen(model, "refresh", _on_refresh)
    _nameless[model] = ("guest_id", *columns)


def settled() -> Iterable[type[Base]]:
    """Every table that is hidden or nameless."""
    return (*_hidden, *_nameless)


_whole: ContextVar[bool] = ContextVar("whole", default=False)


@contextmanager
def counted_whole() -> Iterator[None]:
    """Inside, nothing is left out: for figures of the house, which are the same for whoever reads them."""
    token = _whole.set(True)
    try:
        yield
    finally:
        _whole.reset(token)


def kept_from_viewer() -> frozenset[uuid.UUID]:
    """The guests of whom whoever looks in this request is shown nothing."""
    actor: Actor | None = g.get("actor") if has_request_context() else None
    return NOBODY if actor is None else actor.kept_from


def who_may_read(session: Session, people: Collection[uuid.UUID], guests: Any) -> list[uuid.UUID]:
    """Of these people, those from whom none of these guests (ids, or what selects them) keeps anything."""
    named = sa.select(KeptFrom.person_id).where(KeptFrom.guest_id.in_(guests), KeptFrom.person_id.in_(people))
    kept_from = set(session.scalars(named)) if people else NOBODY
    return [person_id for person_id in people if person_id not in kept_from]


def _kept_in(session: Session) -> frozenset[uuid.UUID]:
    return NOBODY if _whole.get() or session.info.get("writing") else kept_from_viewer()


def _guests_now() -> list[uuid.UUID]:
    return list(_kept_in(db.session()))


@event.listens_for(Session, "do_orm_execute")
def _leave_out(state: ORMExecuteState) -> None:
    if not state.is_select or not _kept_in(state.session):
        return
    # A row that is read again for itself alone was there when it was read first.
    itself = state.bind_mapper.class_ if state.is_column_load and state.bind_mapper is not None else None
    state.statement = state.statement.options(*(each for model, each in _hidden.items() if model is not itself))


def _on_load(row: Any, context: Any) -> None:
    _make_nameless(row, context.session)


def _on_refresh(row: Any, context: Any, _attributes: object) -> None:
    if context is not None:  # None: nothing was read, an UPDATE told the rows at hand what it wrote
        _make_nameless(row, context.session)


def _make_nameless(row: Any, session: Session) -> None:
    guests = _kept_in(session)
    if guests and row.__dict__.get("guest_id") in guests:
        for name in _nameless[type(row)]:
            set_committed_value(row, name, None)

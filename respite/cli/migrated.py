"""How far a database's tables have been brought, and how far this version of Respite brings them."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import current_app


def head() -> str:
    """The newest migration this version knows."""
    newest = _scripts().get_current_head()
    assert newest is not None
    return newest


def known(revision: str) -> bool:
    return any(script.revision == revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(current_app.extensions["migrate"].migrate.get_config())

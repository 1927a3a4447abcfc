"""The edge of messaging."""

from __future__ import annotations

from flask import Flask

from respite.accounts.api import register
from respite.core.settings import Settings
from respite.messaging import api, cli, facts, jobs, models, unseen, webhooks
from respite.messaging.gateway import Gateway
from respite.messaging.service import replying
from respite.messaging.service.questions import SHORT_ANSWERS
from respite.messaging.simulator import Simulator
from respite.messaging.views import blueprint

__all__ = ["facts", "jobs", "models", "unseen", "wire"]


def wire(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.register_blueprint(webhooks.blueprint)
    app.extensions["respite.webhooks-counted"] = webhooks.Counted()
    app.extensions["respite.gateway"] = _gateway(app.extensions["respite.settings"])
    register(app, api.api)
    jobs.declare()
    if SHORT_ANSWERS not in replying.understands:
        replying.understands.append(SHORT_ANSWERS)
    app.cli.add_command(cli.group)


def _gateway(settings: Settings) -> Gateway | None:
    """Twilio where it is set up, else in demo mode the simulated phones, else nobody."""
    if settings.twilio_account_sid is not None:
        from respite.messaging.twilio_gateway import TwilioGateway  # loading its package takes a while

        return TwilioGateway(settings)
    return Simulator() if settings.demo else None

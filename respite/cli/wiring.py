"""The edge of cli."""

from __future__ import annotations

from flask import Flask

from respite.cli import accounts_commands, backup, doctor, forgotten_list, house, keys, prepare
from respite.cli.demo import commands as demo
from respite.cli.demo import sign_in as demo_sign_in
from respite.cli.demo.guard import refuse_demo_accounts


def wire(app: Flask) -> None:
    """Register what cli serves."""
    refuse_demo_accounts(app)
    demo_sign_in.wire(app)
    for command in (
        house.group,
        keys.group,
        backup.backup,
        backup.restore,
        forgotten_list.forget_again_command,
        doctor.command,
        prepare.command,
        demo.group,
        accounts_commands.users,
        accounts_commands.tokens,
        accounts_commands.setup,
    ):
        app.cli.add_command(command)

"""The application as a server or the `flask` command finds it: `flask --app app ...`, `gunicorn app:app`."""

import sys

from respite.cli.first_aid import started
from respite.factory import create_app

app = started(create_app, sys.argv[1:])

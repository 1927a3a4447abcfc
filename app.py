"""The application as a server or the `flask` command finds it: `flask --app app ...`, `gunicorn app:app`."""

from respite.factory import create_app

app = create_app()

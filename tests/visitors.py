"""People before a served house without a browser: they open pages and send the forms as they were drawn."""

from __future__ import annotations

import http.client
import uuid
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from respite.accounts import sessions
from respite.core.db import transaction
from tests.pages import forms_in

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Heard:
    status: int
    location: str
    body: str
    cookies: dict[str, str]


def ask(url: str, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None) -> Heard:
    """One request on a connection of its own."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        set_anew = [each.partition(";")[0] for each in answer.headers.get_all("Set-Cookie") or []]
        cookies = dict(each.split("=", 1) for each in set_anew)
        return Heard(answer.status, answer.headers.get("Location", ""), answer.read().decode(), cookies)
    finally:
        connection.close()


@dataclass(frozen=True)
class Letter:
    """A filled form, ready to be sent."""

    path: str
    body: str
    headers: dict[str, str]


class Visitor:
    """Somebody who signed in on the server at `url`; needs an app context on the same database for that."""

    def __init__(self, url: str, person_id: uuid.UUID) -> None:
        self.url = url
        with transaction() as session:
            self.cookies = {"sid": sessions.begin(session, person_id, device="phone", tablet_id=None)}

    def get(self, path: str) -> Heard:
        return self._kept(ask(self.url, "GET", path, headers=self._headers()))

    def fill(self, path: str, action: str, **typed: str) -> Letter:
        """The form to `action` on a page, with what is typed into it."""
        page = self.get(path)
        form = next(each for each in forms_in(page.body, path) if each.action == action)
        for name, value in typed.items():
            form.fields[name] = value
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return Letter(action, urlencode(list(form.fields.items(multi=True))), headers | self._headers())

    def send(self, letter: Letter) -> Heard:
        return self.sent(ask(self.url, "POST", letter.path, letter.body, letter.headers))

    def sent(self, heard: Heard) -> Heard:
        """What follows a form that was sent: the page that it leads to."""
        self._kept(heard)
        return self.get(heard.location) if heard.status == 303 else heard

    def _headers(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def _kept(self, heard: Heard) -> Heard:
        self.cookies |= heard.cookies
        return heard

"""A browser without scripts: opens a page, fills a form as it was drawn, sends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urlsplit

from flask import Flask, g
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.people import sign_in


@dataclass
class DrawnForm:
    """A form of a page: where it goes and what stands in it."""

    action: str
    method: str
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    buttons: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[DrawnForm] = []
        self._open: DrawnForm | None = None
        self._select: str | None = None
        self._area: str | None = None
        self._page = page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = DrawnForm(urldefrag(given.get("action") or self._page).url, given.get("method", "get"))
            self.forms.append(self._open)
        if self._open is None:
            return
        if tag == "input":
            self._input(given)
        elif tag == "select":
            self._select = given["name"]
        elif tag == "option" and self._select and "selected" in given:
            self._open.fields[self._select] = given["value"]
        elif tag == "textarea":
            self._area = given["name"]
            self._open.fields[self._area] = ""

    def _input(self, given: dict[str, str]) -> None:
        assert self._open is not None
        box = given.get("type") in ("radio", "checkbox")
        if not box or "checked" in given:
            self._open.fields.add(given["name"], given.get("value", "on" if box else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._open is None:
            return
        if self._area:
            self._open.fields[self._area] += data.lstrip("\n")
        elif data.strip():
            self._open.buttons.append(data.strip())


def forms_of(answer: TestResponse) -> list[DrawnForm]:
    return forms_in(answer.text, answer.request.path)


def forms_in(page: str, path: str) -> list[DrawnForm]:
    """The forms of a page that was drawn at this path."""
    reader = _Forms(path)
    reader.feed(page)
    return reader.forms


class Browser:
    """Somebody's browser. Each request begins with nothing known from the one before."""

    def __init__(self, app: Flask, email: str | None = None) -> None:
        self._client = app.test_client()
        if email is not None:
            _forget()
            assert sign_in(self._client, email).status_code == 303

    def get(self, path: str) -> TestResponse:
        _forget()
        return self._client.get(path)

    def post(self, path: str, data: dict[str, object] | MultiDict[str, str] | None = None) -> TestResponse:
        _forget()
        return self._client.post(path, data=data or {})

    def form(self, path: str, action: str | None = None, button: str | None = None) -> DrawnForm:
        """The page's form that goes to `action` (the page itself where none is named)."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.status_code
        wanted = action or urlsplit(path).path
        found = [
            form
            for form in forms_of(answer)
            if form.action == wanted and form.method == "post" and (button is None or button in form.buttons)
        ]
        assert found, f"{path} has no form to {wanted}"
        return found[0]

    def send(self, form: DrawnForm, **typed: object) -> TestResponse:
        """Send the form with what was typed; None leaves a field out."""
        fields = MultiDict(form.fields)
        for name, value in typed.items():
            name = name.replace("with_", "with-").replace("support_person", "support-person")
            fields.poplist(name)
            if value is not None:
                fields.add(name, str(value))
        return self.post(form.action, fields)

    def fill(self, path: str, action: str | None = None, **typed: object) -> TestResponse:
        return self.send(self.form(path, action), **typed)

    def follow(self, answer: TestResponse) -> TestResponse:
        assert answer.status_code == 303, (answer.status_code, answer.text[-2000:])
        return self.get(answer.location)

    def undo(self, answer: TestResponse) -> TestResponse:
        """Tap Undo on the page that says what was done."""
        page = self.follow(answer) if answer.status_code == 303 else answer
        form = next(each for each in forms_of(page) if each.action.startswith("/undo/"))
        return self.send(form)


def _forget() -> None:
    """Requests of a test share the test's own app context; a real one begins with an empty `g`."""
    for name in list(g):
        g.pop(name)

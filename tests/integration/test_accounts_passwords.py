"""Passwords: which are taken, how they are kept, what they cost."""

from __future__ import annotations

import threading
import time

import pytest
from flask import Flask

from respite.accounts import passwords
from tests.people import PASSWORD


@pytest.mark.parametrize(
    ("password", "good"),
    [
        ("fourteen chars", False), ("a kettle in May", True), ("x" * 257, False), ("ab " * 85, False),
        ("passwordpassword", False), ("P4ssw0rd!P4ssw0rd!", False), ("qwertyuiop12345", False),
        ("Juniper House 2026!", False), ("dana dana dana 1", False), ("respite respite", False),
        ("correct horse battery staple", False), ("111111111111111111", False), ("123456789012345", False),
        ("ñandú corre bajo la lluvia", True), (" spaces at both ends ", True), ("plum kettle under the stairs", True),
        ("ключ под ковриком", True),
    ],
)  # fmt: skip
def test_which_passwords_are_taken(app: Flask, password: str, good: bool) -> None:
    words = ["Juniper House", "Dana", "dana@example.org"]
    if good:
        passwords.check(password, words)
    else:
        with pytest.raises(passwords.WeakPassword):
            passwords.check(password, words)


def test_one_password_typed_in_two_unicode_forms_is_one(app: Flask) -> None:
    kept = passwords.hashed("caf\u00e9 con leche tibia")
    assert passwords.matches(kept, "cafe\u0301 con leche tibia")
    assert not passwords.matches(kept, "cafe con leche tibia")


def test_passwords_cost_what_they_should(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    kept = passwords.hashed(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")


def test_at_most_two_passwords_are_worked_out_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    class Slow:
        def hash(self, _text: str) -> str:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with lock:
                inside -= 1
            return ""

    monkeypatch.setattr(passwords, "_hasher", Slow())
    threads = [threading.Thread(target=passwords._hash, args=("x",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert most == 2

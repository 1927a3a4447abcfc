"""Sealed words, blind indexes and tokens.

Words by or about a guest are sealed with AES-256-GCM, bound to their table, column and row, so that a
ciphertext moved to another row does not open. The key ring's first key seals, all open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import unicodedata
import uuid
from base64 import b64decode
from pathlib import Path
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

NONCE_BYTES = 12
KEY_ID_BYTES = 4


class CannotOpen(Exception):
    """A sealed value is damaged, belongs to another row, or its key is not in the ring."""


class KeyRing:
    def __init__(self, keys: dict[bytes, bytes], first: bytes, index_key: bytes) -> None:
        self._raw = keys
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._first = first
        self._index_key = index_key

    @classmethod
    def from_file(cls, path: Path) -> KeyRing:
        ring = json.loads(path.read_text(encoding="utf-8"))
        keys = {bytes.fromhex(k["id"]): b64decode(k["key"]) for k in ring["keys"]}
        return cls(keys, bytes.fromhex(ring["keys"][0]["id"]), b64decode(ring["index_key"]))

    def seal(self, text: str, bound_to: bytes) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._keys[self._first].encrypt(nonce, text.encode(), bound_to)
        return self._first + nonce + sealed

    def open(self, sealed: bytes, bound_to: bytes) -> str:
        key_id, nonce = sealed[:KEY_ID_BYTES], sealed[KEY_ID_BYTES : KEY_ID_BYTES + NONCE_BYTES]
        try:
            opened = self._keys[key_id].decrypt(nonce, sealed[KEY_ID_BYTES + NONCE_BYTES :], bound_to)
        except (KeyError, InvalidTag, ValueError) as error:
            raise CannotOpen from error
        return opened.decode()

    @property
    def first(self) -> bytes:
        """The id of the key that seals now."""
        return self._first

    def key_for(self, key_id: bytes, purpose: str, length: int) -> bytes:
        """A key of its own for one purpose, made from one of the ring's. Raises CannotOpen for one not in the ring."""
        if key_id not in self._raw:
            raise CannotOpen
        return HKDF(hashes.SHA256(), length, salt=None, info=purpose.encode()).derive(self._raw[key_id])

    def blind(self, purpose: str, text: str) -> bytes:
        """A digest for exact search that says nothing without the key."""
        return hmac.new(self._index_key, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()


def ring() -> KeyRing:
    return current_app.extensions["respite.keys"]


def seal(text: str, *bound_to: object) -> bytes:
    return ring().seal(text, _binding(bound_to))


def unseal(sealed: bytes, *bound_to: object) -> str:
    return ring().open(sealed, _binding(bound_to))


def _binding(parts: tuple[object, ...]) -> bytes:
    return "\0".join(str(part) for part in parts).encode()


class Sealed:
    """A plain attribute over a sealed bytes column: `name = Sealed("name_sealed")`.

    A column type cannot see the row it is in, hence a descriptor: the row's id is part of the binding.
    """

    def __init__(self, column: str) -> None:
        self.column = column

    @overload
    def __get__(self, row: None, owner: type) -> Sealed: ...
    @overload
    def __get__(self, row: Any, owner: type) -> str | None: ...
    def __get__(self, row: Any, owner: type) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else unseal(sealed, row.__tablename__, self.column, _id_of(row))

    def __set__(self, row: Any, text: str | None) -> None:
        sealed = None if text is None else seal(text, row.__tablename__, self.column, _id_of(row))
        setattr(row, self.column, sealed)


def _id_of(row: Any) -> uuid.UUID:
    if row.id is None:
        raise ValueError("a row needs its id before words are sealed to it")
    return row.id


def folded(text: str) -> str:
    """A name as it is compared: case, accents' form and spaces do not tell two apart."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def new_token() -> str:
    """256 random bits, safe in an address and a header."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).digest()

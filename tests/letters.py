"""What a browser does when it seals an entry for the house (static/overnight/sealing.js), for tests without one."""

from __future__ import annotations

import json
import secrets
import uuid
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from respite.core.letterbox import Slot


def put_in(slot: Slot, words: str, bound_to: str) -> str:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    box = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(slot.point))
    agreed = private.exchange(ec.ECDH(), box)
    key = HKDF(hashes.SHA256(), 32, salt=point, info=b"respite letterbox").derive(agreed)
    nonce = secrets.token_bytes(12)
    return b64encode(point + nonce + AESGCM(key).encrypt(nonce, words.encode(), bound_to.encode())).decode()


def letter(slot: Slot, fields: dict[str, str], key: uuid.UUID) -> str:
    """The fields of an entry, sealed."""
    return put_in(slot, json.dumps(list(fields.items())), str(key))

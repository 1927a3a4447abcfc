"""A letterbox: a browser puts words in by its public key, and only the server, which has the key ring, takes them out.

So what waits on a device for the line to come back can be read by nobody who finds the device, not even by the one
who wrote it. The private key is made from the ring each time and kept nowhere; a ring that keeps its old keys still
opens what was put in before a new one came first.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from respite.core.crypto import NONCE_BYTES, CannotOpen, ring

CURVE = ec.SECP256R1()
POINT_BYTES = 65
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of the curve's points
INFO = b"respite letterbox"


@dataclass(frozen=True, slots=True)
class Slot:
    """What a browser needs to put something in: the id of the ring's key, and a point of P-256 in base64."""

    key_id: str
    point: str


def slot(purpose: str) -> Slot:
    key_id = ring().first
    point = _private(key_id, purpose).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return Slot(key_id.hex(), b64encode(point).decode())


def take_out(purpose: str, key_id: str, sealed: str, bound_to: str) -> str:
    """The words: base64 of the sender's point, a nonce and the sealed words, bound to `bound_to`. Raises CannotOpen."""
    try:
        letter = b64decode(sealed, validate=True)
        private = _private(bytes.fromhex(key_id), purpose)
        sender = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, letter[:POINT_BYTES])
        key = HKDF(hashes.SHA256(), 32, salt=letter[:POINT_BYTES], info=INFO).derive(
            private.exchange(ec.ECDH(), sender)
        )
        nonce, words = letter[POINT_BYTES : POINT_BYTES + NONCE_BYTES], letter[POINT_BYTES + NONCE_BYTES :]
        return AESGCM(key).decrypt(nonce, words, bound_to.encode()).decode()
    except (Error, InvalidTag, ValueError) as error:
        raise CannotOpen from error


def _private(key_id: bytes, purpose: str) -> ec.EllipticCurvePrivateKey:
    # 48 bytes for a number below 2^256, so that no number is likelier than another.
    number = int.from_bytes(ring().key_for(key_id, f"letterbox\0{purpose}", 48), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, CURVE)

"""Settings from the environment, checked at start.

Every setting is named here once. A wrong value stops the start with the setting's name and what is
expected; a setting that is not known here is not read anywhere else.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
_E164 = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}", re.ASCII)
INSTANCE = ROOT / "instance"
#: The list of who was forgotten, in the folder of the backups.
FORGOTTEN = "respite-forgotten.txt"


class WrongSetting(ValueError):
    """A setting has a value that cannot be used; the message names it and says what is expected."""

    def __init__(self, name: str, expected: str) -> None:
        super().__init__(f"{name}: {expected}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Settings:
    mode: str
    database_url: str
    redis_url: str | None
    secret_key: str
    keys_file: Path
    public_url: str
    trusted_proxies: int
    language: str
    twilio_account_sid: str | None
    twilio_auth_token: str | None
    twilio_previous_auth_token: str | None
    twilio_from: str | None
    twilio_messaging_service_sid: str | None
    twilio_api_url: str | None
    backups: Path | None = None

    @property
    def forgotten_list(self) -> Path:
        """Who was forgotten: in the folder of the backups, or beside a database that is a file."""
        if self.backups is not None:
            return self.backups / FORGOTTEN
        if self.sqlite:
            return Path(self.database_url.removeprefix("sqlite:///")).parent / FORGOTTEN
        return INSTANCE / FORGOTTEN

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def from_environ(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check every setting. Raises WrongSetting by name."""
    env = {k: v.strip() for k, v in (os.environ if environ is None else environ).items() if v.strip()}
    mode = env.get("RESPITE_MODE", "demo")
    if mode not in ("demo", "production"):
        raise WrongSetting("RESPITE_MODE", f"must be demo or production, not {mode!r}")
    production = mode == "production"
    if env.get("FLASK_DEBUG") not in (None, "0") and production:
        raise WrongSetting("FLASK_DEBUG", "must not be set in production")
    return Settings(
        mode=mode,
        database_url=_database_url(env, production),
        redis_url=_redis_url(env),
        secret_key=_secret_key(env, production),
        keys_file=_keys_file(env, production),
        public_url=_public_url(env, production),
        trusted_proxies=_count(env, "TRUSTED_PROXIES", 0, 5),
        language=_language(env),
        twilio_account_sid=_twilio_sid(env),
        twilio_auth_token=env.get("TWILIO_AUTH_TOKEN"),
        twilio_previous_auth_token=env.get("TWILIO_PREVIOUS_AUTH_TOKEN"),
        twilio_from=_twilio_from(env),
        twilio_messaging_service_sid=_twilio_service(env),
        twilio_api_url=_url(env, "TWILIO_API_URL"),
        backups=_backups(env),
    )


def _database_url(env: Mapping[str, str], production: bool) -> str:
    url = env.get("DATABASE_URL")
    if url is None:
        if production:
            raise WrongSetting(
                "DATABASE_URL",
                "is needed in production, such as sqlite:////var/lib/respite/respite.db "
                "or postgresql+psycopg://user@host/name",
            )
        INSTANCE.mkdir(mode=0o700, exist_ok=True)
        return f"sqlite:///{INSTANCE / 'demo.db'}"
    for short in ("postgres://", "postgresql://"):
        if url.startswith(short):
            url = "postgresql+psycopg://" + url.removeprefix(short)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise WrongSetting("DATABASE_URL", "must begin with sqlite:/// or postgresql+psycopg://")
    return url


def _redis_url(env: Mapping[str, str]) -> str | None:
    url = env.get("REDIS_URL")
    if url is not None and not url.startswith(("redis://", "rediss://", "unix://")):
        raise WrongSetting("REDIS_URL", "must begin with redis://, rediss:// or unix://")
    return url


def _secret_key(env: Mapping[str, str], production: bool) -> str:
    given = env.get("SECRET_KEY")
    if given is None:
        if production:
            raise WrongSetting("SECRET_KEY", "is needed in production: 32 or more random characters")
        return made_once(INSTANCE / "secret", lambda: secrets.token_urlsafe(48))
    if len(given) < 32:
        raise WrongSetting("SECRET_KEY", "must have 32 or more characters")
    return given


def _keys_file(env: Mapping[str, str], production: bool) -> Path:
    given = env.get("RESPITE_KEYS")
    if given is None:
        if production:
            raise WrongSetting("RESPITE_KEYS", "is needed in production: the path of the key ring file")
        path = INSTANCE / "keys.json"
        made_once(path, new_key_ring)
        return path
    path = Path(given)
    if not path.is_file():
        raise WrongSetting("RESPITE_KEYS", f"there is no file {given}; `flask --app app keys new PATH` makes one")
    if production and path.stat().st_mode & 0o077:
        raise WrongSetting("RESPITE_KEYS", f"{given} can be read by others; its mode must be 0600")
    return path


def _backups(env: Mapping[str, str]) -> Path | None:
    given = env.get("RESPITE_BACKUPS")
    if given is None:
        return None
    if not Path(given).is_absolute():
        raise WrongSetting("RESPITE_BACKUPS", "must be the whole path of a folder, such as /var/lib/respite/backups")
    return Path(given)


def _public_url(env: Mapping[str, str], production: bool) -> str:
    port = _count(env, "PORT", 1, 65535, default=5000)
    url = _url(env, "PUBLIC_URL") or f"http://127.0.0.1:{port}"
    host = urlsplit(url).hostname or ""
    local = host in ("127.0.0.1", "localhost", "::1")
    if not production and not local:
        raise WrongSetting("PUBLIC_URL", "demo mode serves this machine only; RESPITE_MODE=production serves others")
    if production and not url.startswith("https://"):
        raise WrongSetting("PUBLIC_URL", "must begin with https:// in production")
    return url.rstrip("/")


def _url(env: Mapping[str, str], name: str) -> str | None:
    url = env.get(name)
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets left open, a port that is none
        usable = False
    if not usable:
        raise WrongSetting(name, "must be an address such as https://respite.example.org")
    return url


def _count(env: Mapping[str, str], name: str, least: int, most: int, default: int | None = None) -> int:
    given = env.get(name)
    if given is None:
        return least if default is None else default
    if not given.isascii() or not given.isdigit() or len(given) > 6 or not least <= int(given) <= most:
        raise WrongSetting(name, f"must be a whole number from {least} to {most}")
    return int(given)


def _language(env: Mapping[str, str]) -> str:
    language = env.get("RESPITE_LANGUAGE", "en")
    if language not in ("en", "es"):
        raise WrongSetting("RESPITE_LANGUAGE", "must be en or es")
    return language


def _twilio_sid(env: Mapping[str, str]) -> str | None:
    """The account, which is needed as soon as anything else of it is set: texts would silently be off without it."""
    sid = env.get("TWILIO_ACCOUNT_SID")
    if sid is None:
        others = ("TWILIO_AUTH_TOKEN", "TWILIO_PREVIOUS_AUTH_TOKEN", "TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID")
        alone = next((name for name in others if name in env), None)
        if alone is not None:
            raise WrongSetting("TWILIO_ACCOUNT_SID", f"is needed together with {alone}")
        return None
    if not sid.startswith("AC") or len(sid) != 34:
        raise WrongSetting("TWILIO_ACCOUNT_SID", "must be the 34 characters that begin with AC")
    if "TWILIO_AUTH_TOKEN" not in env:
        raise WrongSetting("TWILIO_AUTH_TOKEN", "is needed together with TWILIO_ACCOUNT_SID")
    if "TWILIO_FROM" not in env and "TWILIO_MESSAGING_SERVICE_SID" not in env:
        raise WrongSetting("TWILIO_FROM", "or TWILIO_MESSAGING_SERVICE_SID is needed together with TWILIO_ACCOUNT_SID")
    return sid


def _twilio_from(env: Mapping[str, str]) -> str | None:
    number = env.get("TWILIO_FROM")
    if number is not None and not _E164.fullmatch(number):
        raise WrongSetting("TWILIO_FROM", "must be a number in international form, such as +13035550100")
    return number


def _twilio_service(env: Mapping[str, str]) -> str | None:
    service = env.get("TWILIO_MESSAGING_SERVICE_SID")
    if service is not None and not _SERVICE.fullmatch(service):
        raise WrongSetting("TWILIO_MESSAGING_SERVICE_SID", "must be the 34 characters that begin with MG")
    return service


def new_key_ring() -> str:
    """The text of a new key ring file: the first key encrypts, all decrypt."""
    ring = {
        "keys": [{"id": secrets.token_hex(4), "key": b64encode(secrets.token_bytes(32)).decode()}],
        "index_key": b64encode(secrets.token_bytes(32)).decode(),
    }
    return json.dumps(ring, indent=2) + "\n"


def made_once(path: Path, make: Callable[[], str]) -> str:
    """The text of `path`, written with mode 0600 the first time. Two starts at once agree on one text."""
    path.parent.mkdir(mode=0o700, exist_ok=True, parents=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()

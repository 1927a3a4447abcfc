"""What a test may tell the fake while it runs: one JSON object, one key for each thing.

clock +600 · lag 20 or [0, 20] · latency 0.1 (each create) · seed 7
faults [{...}] adds rules (faults.py), [] forgets them · weather {...} or null · plan [{"after", "status", ...}] or null
callbacks {on, lose, shuffle, times} · opt_out off|default|advanced · opted_out {"+1206...": true}
outage true (inbound webhooks are dropped) · listening false (connections are refused; the control address stays)
inbound_url (of number and service alike) · deliver_to · headers {...} on callbacks · retry_pause
auth_token · also_accepts [...]
account, number, service, campaign, toll_free {field: value}
inbound {from, body, to, sid, at, opt_out_type, media, deliver, wait}
callback {sid or form, url, status, error_code, times, token, signed_for: another address, or null for no signature}
quiet 10: wait until every callback due within a second was answered
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.twilio.callbacks import Callback, Manner, inbound_form, status_form
from tests.twilio.faults import DEFAULT_PLAN, Weather, plan_from, rule_from
from tests.twilio.resources import NAMES

if TYPE_CHECKING:
    from tests.twilio.server import Fake


def obey(fake: Fake, told: Mapping[str, Any]) -> dict[str, Any]:
    """Do what is told, in its order. Raises KeyError, TypeError or ValueError for what is no order."""
    return {name: ORDERS[name](fake, value) for name, value in told.items()}


def _clock(fake: Fake, seconds: float) -> float:
    fake.delivery.move(seconds)
    return fake.line.clock()


def _lag(fake: Fake, told: float | list[float]) -> None:
    fake.line.lag = (told[0], told[1]) if isinstance(told, list) else (told, told)


def _seed(fake: Fake, seed: int) -> None:
    fake.line.seed = fake.line.script.seed = seed


def _faults(fake: Fake, rules: list[Mapping[str, Any]]) -> None:
    if not rules:
        fake.line.script.rules.clear()
    fake.line.script.rules += [rule_from(rule) for rule in rules]


def _weather(fake: Fake, told: Mapping[str, Any] | None) -> None:
    fake.line.script.weather = None if told is None else Weather(**told)


def _plan(fake: Fake, steps: list[Mapping[str, Any]] | None) -> None:
    fake.line.plan = DEFAULT_PLAN if steps is None else (plan_from(steps) or ())


def _manner(fake: Fake, told: Mapping[str, Any]) -> None:
    fake.line.manner = Manner(**{**vars(fake.line.manner), **told})


def _opt_out(fake: Fake, how: str) -> None:
    if how not in ("off", "default", "advanced"):
        raise ValueError(f"no such opt-out: {how}")
    fake.line.opt_out = how


def _opted_out(fake: Fake, numbers: Mapping[str, bool]) -> None:
    for number, out in numbers.items():
        (fake.line.stopped.add if out else fake.line.stopped.discard)(number)


def _inbound(fake: Fake, told: dict[str, Any]) -> dict[str, Any]:
    wait = told.pop("wait", 0)
    told["media"] = tuple(told.get("media", ()))
    row = fake.line.says(told.pop("from"), told.pop("body"), **told)
    if wait:
        fake.delivery.wait_until_quiet(wait)
    return row.audited()


def _callback(fake: Fake, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Send one callback now and wait for its answers. With `form` it says exactly that; else it is about `sid`."""
    line, sid, status = fake.line, told.get("sid", ""), told.get("status", "")
    row = line.rows.get(sid)
    if "form" in told:
        form, kind = dict(told["form"]), "status"
    elif row is None:
        raise ValueError(f"there is no message {sid}")
    elif row.by == "person":
        form, kind = inbound_form(row, line.account), "inbound"
    else:
        form, kind = status_form(row, line.account, status, told.get("error_code"), line.clock()), "status"
    url = told.get("url") or (row and row.callback) or line.inbound_url
    callback = Callback(url, form, kind, sid, line.clock(), told.get("times", 1))
    sent = fake.delivery.post(callback, token=told.get("token"), signed_for=told.get("signed_for", url))
    return [each.result(timeout=120) for each in sent]


def _quiet(fake: Fake, seconds: float) -> bool:
    return fake.delivery.wait_until_quiet(seconds)


def _set(where: str, name: str) -> Callable[[Fake, Any], None]:
    def order(fake: Fake, value: Any) -> None:
        setattr(getattr(fake, where) if where else fake, name, value)

    return order


def _resource(name: str) -> Callable[[Fake, Any], None]:
    def order(fake: Fake, told: Mapping[str, Any]) -> None:
        fake.resources.change(name, told)
        fake.line.inbound_url = fake.resources.inbound_url()

    return order


def _inbound_url(fake: Fake, url: str) -> None:
    _resource("number")(fake, {"sms_url": url})
    _resource("service")(fake, {"inbound_request_url": url})


ORDERS: dict[str, Callable[[Fake, Any], Any]] = {
    "clock": _clock,
    "lag": _lag,
    "latency": _set("", "latency"),
    "seed": _seed,
    "faults": _faults,
    "weather": _weather,
    "plan": _plan,
    "callbacks": _manner,
    "opt_out": _opt_out,
    "opted_out": _opted_out,
    "outage": _set("line", "outage"),
    "listening": lambda fake, on: fake.listen(on),
    "inbound_url": _inbound_url,
    "deliver_to": _set("delivery", "deliver_to"),
    "headers": _set("delivery", "headers"),
    "retry_pause": _set("delivery", "pause"),
    "auth_token": lambda fake, token: fake.rotate(token),
    "also_accepts": _set("", "also_accepts"),
    "inbound": _inbound,
    "callback": _callback,
    "quiet": _quiet,
    **{name: _resource(name) for name in NAMES},
}

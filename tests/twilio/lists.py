"""Listings: the filters that Twilio has and no others, newest first, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from tests.twilio.rows import VERSION, Row

MOST = 1000


def instant(text: str) -> float:
    """Seconds since 1970 of an ISO date or date with time; a time without a zone is UTC. Raises ValueError."""
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def fits(row: Row, query: Mapping[str, str]) -> bool:
    """`To`, `From` and `DateSent` (=, <, > as GMT days or instants). What was not sent yet fits no DateSent at all."""
    if query.get("To", row.to) != row.to or query.get("From", row.sender) != row.sender:
        return False
    for name in ("DateSent", "DateSent<", "DateSent>"):
        wanted = query.get(name)
        if not wanted:
            continue
        if row.sent_at is None:
            return False
        whole_day = len(wanted) == len("2026-01-31")
        sent, limit = (_day(row.sent_at), wanted) if whole_day else (row.sent_at, instant(wanted))
        if name == "DateSent" and sent != limit:
            return False
        if name == "DateSent<" and sent > limit:  # type: ignore[operator]
            return False
        if name == "DateSent>" and sent < limit:  # type: ignore[operator]
            return False
    return True


def page_of(rows: Iterable[Row], query: Mapping[str, str], account: str, now: float) -> dict[str, Any]:
    """One page. A page's token names the last row shown, so what comes in meanwhile moves nothing."""
    found = [row for row in rows if not row.gone and now - row.at >= row.lag and fits(row, query)]
    found.sort(key=lambda row: (row.at, row.place), reverse=True)
    size = max(1, min(MOST, int(query.get("PageSize") or 50)))
    number, begin = int(query.get("Page") or 0), 0
    if token := query.get("PageToken"):
        sids = [row.sid for row in found]
        begin = sids.index(token[2:]) + 1 if token[2:] in sids else len(found)
    shown = found[begin : begin + size]
    more = len(found) > begin + size
    path = f"/{VERSION}/Accounts/{account}/Messages.json"
    kept = {name: value for name, value in query.items() if name not in ("Page", "PageToken", "PageSize")}

    def uri(page: int, **token: str) -> str:
        return f"{path}?{urlencode({**kept, 'PageSize': size, 'Page': page, **token})}"

    return {
        "end": begin + max(0, len(shown) - 1),
        "first_page_uri": uri(0),
        "next_page_uri": uri(number + 1, PageToken="PA" + shown[-1].sid) if more else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": uri(number - 1) if number else None,
        "start": begin,
        "uri": uri(number),
        "messages": [row.shown(account) for row in shown],
    }

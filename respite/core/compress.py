"""Scripts and styles go out compressed, so that a first page fits a slow line.

Static text only: a page holds form tokens beside what a visitor may have chosen, and the length of a
compressed page could tell one from the other.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

TEXT = (".css", ".js", ".svg")
NOT_BELOW = 800  # bytes: a smaller file fits one packet either way


def install(app: Flask) -> None:
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    name = (request.view_args or {}).get("filename", "") if request.endpoint == "static" else ""
    if not name.endswith(TEXT):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code != 200 or request.method != "GET" or not request.accept_encodings["gzip"]:
        return response
    path = Path(current_app.static_folder or "") / name
    known = path.stat()
    if known.st_size < NOT_BELOW:
        return response
    response.close()  # the plain file, which nobody will read
    response.direct_passthrough = False
    response.set_data(_packed(path, known.st_mtime_ns))
    response.headers["Content-Encoding"] = "gzip"
    tag, _weak = response.get_etag()
    if tag is not None:
        response.set_etag(tag, weak=True)  # the same text, in other bytes
    return response


@lru_cache(maxsize=128)
def _packed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)

"""`python -m bench [name...]`: run the benches and print their figures as a table."""

from __future__ import annotations

import importlib
import sys

from bench.figures import HEAD

NAMES = ("holds", "painted", "pages", "texts", "roster")


def main(names: list[str]) -> None:
    print(HEAD)
    for name in names or NAMES:
        for figure in importlib.import_module(f"bench.{name}").run():
            print(figure.line(), flush=True)


main(sys.argv[1:])

"""`python -m bench [name [what...]...]`: run the benches and print their figures as a table.

What follows a name is what of it to run: `python -m bench roster 5 house-1`.
"""

from __future__ import annotations

import importlib
import sys

from bench.figures import HEAD

NAMES = ("holds", "painted", "pages", "texts", "resources", "resources_search", "roster")


def main(words: list[str]) -> None:
    chosen: dict[str, list[str]] = {}
    for word in words or NAMES:
        if word in NAMES:
            chosen[word] = []
        elif chosen:
            list(chosen.values())[-1].append(word)
        else:
            sys.exit(f"there is no bench {word}, but {', '.join(NAMES)}")
    print(HEAD)
    for name, what in chosen.items():
        for figure in importlib.import_module(f"bench.{name}").run(*what):
            print(figure.line(), flush=True)


main(sys.argv[1:])

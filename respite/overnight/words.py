"""The sentences that the page's script says by itself, with or without the line, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def said_by_script() -> dict[str, str]:
    """`{what}`, `{time}` and `{name}` are filled in by the script."""
    at = {"what": "{what}", "time": "{time}"}
    return {
        "here": _("The line is here."),
        "away": _(
            "The line is away since %(time)s. What you enter is kept here and sent when it is back.", time="{time}"
        ),
        "locked": _("The line is here, and this screen is locked. Please unlock it, so that what you entered is sent."),
        "signed-out": _("The line is here, and you are signed out. Please sign in, so that what you entered is sent."),
        "no-right": _("You cannot enter anything in this house any more. A colleague can send what waits here."),
        "plain": _(
            "This address is not https, so this page cannot keep anything without the line. Please keep paper at hand."
        ),
        "broken": _("This browser could not keep that. Please write it on paper."),
        "kept": _("Kept here: %(what)s, %(time)s. It is sent when the line is back.", **at),
        "kept-locked": _("Kept here: %(what)s, %(time)s. It is sent when this screen is unlocked.", **at),
        "kept-rested": _("Kept here: %(what)s, %(time)s. Whoever unlocks this screen sends it.", **at),
        "kept-tried": _("Kept here: %(what)s, %(time)s. It is sent by itself.", **at),
        "no-second": _("The line is away, so nobody can be asked from here. Please call, in this order:"),
        "not-asked": _("Nobody could be asked from here just now. Please call, in this order:"),
        "waits": _("waits for the line"),
        "in-turn": _("waits for its turn"),
        "failing": _("The house’s book could not take this yet. It is tried again by itself."),
        "aside": _(
            "The house’s book could not take this, and what came after it went on. It may stand there all the same: "
            "please look before you enter it again."
        ),
        "theirs": _("entered by %(name)s", name="{name}"),
        "nobodys": _("entered while the screen rested"),
        "wanted": _("You wanted a second person, and the line was away. Is somebody still wanted?"),
        "let-go": _("Let go: %(what)s, %(time)s.", **at),
        "rested": _("The names are put away, because nobody was here for a while. You can still enter everything."),
    }

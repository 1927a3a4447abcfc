"""What a text that came in is answered with by itself, if with anything."""

from __future__ import annotations

from respite.messaging.policy.stopping_words import Means


def answer_for(means: Means, urgent: bool, opt_out_type: str | None) -> str | None:
    """The name of the template, or None where nothing leaves by itself.

    With an `opt_out_type` the provider has answered already, and a second answer would be one too many. Who stops gets
    the one confirmation that the law allows, which names 988 and the house; no other answer goes to them. Otherwise
    danger comes before everything. How often one person is answered is for whoever asks.
    """
    if opt_out_type:
        return None
    if means is Means.STOP:
        return "answer-stopped"
    if means is Means.START:
        return "answer-started"
    if urgent:
        return "answer-danger"
    return {Means.HELP: "answer-help", Means.WRONG_NUMBER: "answer-wrong-number"}.get(means)

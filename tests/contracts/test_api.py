"""What programs rely on: addresses, shapes, statuses, the names of rules, and what a token may."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from respite.accounts.acting import act_once
from respite.accounts.actor import COMMAND
from respite.accounts.models import ApiToken
from respite.accounts.roles import RIGHTS, May, Role
from respite.audit.models import AccessLog, Event
from respite.audit.service import broken_links, record
from respite.core.clock import StillClock
from respite.core.crypto import digest
from respite.core.db import db, transaction
from respite.core.due import sweep
from respite.core.errors import Refusal
from respite.factory import PUBLIC
from respite.guests import events
from respite.guests.models import Stay
from respite.guests.policy.bed_fit import Says
from respite.guests.service.people import Named
from respite.guests.service.rule_answers import answer_rule
from respite.guests.service.waiting import Asked, add_waiting
from respite.houses.models import Bed, BedNight, House
from respite.houses.policy.bed_rules import RuleWords
from respite.houses.service.bed_rules import add_bed_rule
from respite.houses.service.rules import change_rules
from respite.resources.hsds.schema import wrong_in
from tests.api_client import PREFIX, Document, Program, ask, document_of, rule_of
from tests.full_house import FullHouse
from tests.places import SUNDAY

SHARED = Path(__file__).resolve().parents[3] / "shared"
PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
Houses = tuple[Path, FullHouse, FullHouse]
DAY = timedelta(days=1)


@pytest.fixture
def database_url(tmp_path: Path, two_full_houses: Houses) -> str:
    shutil.copy(two_full_houses[0], tmp_path / "house.db")
    return f"sqlite:///{tmp_path / 'house.db'}"


@pytest.fixture
def juniper(two_full_houses: Houses) -> FullHouse:
    return two_full_houses[1]


@pytest.fixture
def aspen(two_full_houses: Houses) -> FullHouse:
    return two_full_houses[2]


@pytest.fixture
def document(app: Flask) -> Document:
    return document_of(app)


As = Callable[..., Program]


@pytest.fixture
def acts_as(app: Flask, document: Document, juniper: FullHouse) -> As:
    """A program with a token of a role: `acts_as(Role.PEER)`; of Juniper House where no other is named."""

    def make(role: Role, house: FullHouse | None = None) -> Program:
        return Program(app, document, (house or juniper).tokens[role])

    return make


@pytest.fixture
def peer(acts_as: As) -> Program:
    return acts_as(Role.PEER)


@pytest.fixture
def coordinator(acts_as: As) -> Program:
    return acts_as(Role.COORDINATOR)


@pytest.fixture
def stranger(app: Flask, document: Document) -> Program:
    return Program(app, document)


def _board(program: Program, house: FullHouse) -> dict[str, Any]:
    answer = program.get(f"/houses/{house.slug}/board")
    assert answer.status_code == 200
    return answer.get_json()


def _states(program: Program, house: FullHouse) -> list[str]:
    return [bed["state"] for bed in _board(program, house)["beds"]]


def _saved(program: Program, house: FullHouse, **more: Any) -> dict[str, Any]:
    answer = program.post(f"/houses/{house.slug}/holds", {"nights": 2, "guest": {"name": "Robin"}, **more})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return answer.get_json()


# -- the document ---------------------------------------------------------------------------------------------------


def test_the_document_is_valid_openapi_3_1(document: Document) -> None:
    validate(document.whole)
    assert document.whole["openapi"].startswith("3.1")


def test_the_document_describes_every_route_and_nothing_else(app: Flask, document: Document) -> None:
    served = {
        (method, rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(PREFIX) and not rule.rule.endswith("openapi.json")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = [(method, path) for method, path, _about in document.operations()]
    assert len(described) == len(set(described))
    assert set(described) == served


def test_each_operation_says_what_it_does_and_who_may_ask(app: Flask, document: Document) -> None:
    public_paths = {rule.rule.replace("<slug>", "{slug}") for name in PUBLIC for rule in app.url_map.iter_rules(name)}
    names = [about["operationId"] for _method, _path, about in document.operations()]
    assert len(names) == len(set(names))
    for _method, path, about in document.operations():
        assert about["summary"].endswith(".")
        assert about["security"] == ([] if path in public_paths else [{"token": []}])
        assert ("401" in about["responses"]) == bool(about["security"])


def test_a_body_takes_no_names_but_its_own(document: Document) -> None:
    for _method, _path, about in document.operations():
        if "requestBody" in about:
            assert document.body_of(about)["additionalProperties"] is False


def test_the_document_asks_for_nothing_from_elsewhere(app: Flask, document: Document) -> None:
    own = app.config["PUBLIC_URL"]
    assert "http" not in json.dumps(document.whole).replace(own, "").replace('"type": "http"', "")


def test_the_page_about_it_names_every_operation(document: Document) -> None:
    named = re.findall(r"^\| `(GET|POST|DELETE)` \| `(/\S+)` \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted((m, path.removeprefix(PREFIX)) for m, path, _about in document.operations())


def test_the_page_about_it_names_rules_that_exist() -> None:
    named = {
        rule: int(status)
        for status, rules in re.findall(r"^\| (\d{3}) \| (`.*?`) \|", PAGE, re.MULTILINE)
        for rule in re.findall(r"`([a-z-]+)`", rules)
    }
    known = {refusal.rule(): refusal.status for refusal in _refusals(Refusal)}
    not_ours = {"too-large": 413, "too-many-requests": 429}
    assert named.items() <= (known | not_ours).items()


def _refusals(above: type[Refusal]) -> Iterator[type[Refusal]]:
    for refusal in above.__subclasses__():
        yield refusal
        yield from _refusals(refusal)


# -- the board ------------------------------------------------------------------------------------------------------


def test_the_board_has_exactly_this_shape(peer: Program, juniper: FullHouse) -> None:
    board = _board(peer, juniper)
    assert set(board) == {"house", "version", "as_of", "beds", "chairs", "here_now", "on_call"}
    bed = {"id", "name", "room", "kind", "state", "guest_label", "until", "stay_id", "hold_expires_at"}
    assert {frozenset(each) for each in board["beds"]} == {frozenset(bed)}
    assert (board["house"], board["as_of"]) == (juniper.slug, "2026-11-22T21:32:00.000Z")
    assert [each["name"] for each in board["here_now"]] == ["Pat peer"]


def test_a_door_is_what_it_is_now(peer: Program, juniper: FullHouse) -> None:
    found = {bed["name"]: (bed["state"], bed["guest_label"], bed["until"]) for bed in _board(peer, juniper)["beds"]}
    assert found == {
        "Quetzal 1": ("occupied", "Quetzal-Ana", "2026-11-25"),
        "Quetzal 2": ("occupied", None, "2026-11-23"),
        "Quetzal 3": ("held", "Quetzal-Bo", "2026-11-24"),
        "Quetzal 4": ("readying", None, None),
        "Quetzal 5": ("closed", None, "2026-11-25"),
        "Quetzal 6": ("free", None, "2026-11-24"),  # saved for somebody on Tuesday
        "Quetzal 7": ("free", None, None),
    }


def test_a_saved_bed_is_free_again_the_moment_its_time_is_over(
    peer: Program, juniper: FullHouse, clock: StillClock
) -> None:
    board = _board(peer, juniper)
    expires = next(bed["hold_expires_at"] for bed in board["beds"] if bed["state"] == "held")
    assert expires == "2026-11-23T01:32:00.000Z"
    clock.advance(timedelta(hours=4))
    assert _states(peer, juniper)[2] == "free"
    assert peer.get(f"/stays/{juniper.ids['other_stay_id']}").get_json()["state"] == "ran-out"
    nights = peer.get(f"/houses/{juniper.slug}/beds").get_json()
    assert nights["beds"][2]["nights"] == []


def test_who_sees_no_guests_gets_what_the_wall_shows(acts_as: As, juniper: FullHouse) -> None:
    for role in (Role.VOLUNTEER, Role.DISPLAY):
        told = acts_as(role).get(f"/houses/{juniper.slug}/board")
        assert not [word for word in juniper.canaries if word in told.get_data(as_text=True)]
        board = told.get_json()
        assert [bed["state"] for bed in board["beds"]][:3] == ["occupied", "occupied", "held"]
        assert {bed["stay_id"] for bed in board["beds"]} == {None}
        assert {bed["until"] for bed in board["beds"] if bed["state"] != "closed"} == {None}


# -- the main line --------------------------------------------------------------------------------------------------


def test_from_the_call_to_the_door_that_gets_ready(peer: Program, juniper: FullHouse, clock: StillClock) -> None:
    bed = juniper.ids["bed_id"]
    saved = _saved(peer, juniper, bed_id=bed)
    assert (saved["state"], saved["nights"], saved["until"], saved["version"]) == ("held", 2, "2026-11-24", 1)
    assert _states(peer, juniper)[6] == "held"
    stay = f"/stays/{saved['id']}"
    assert peer.post(f"{stay}/confirmation").get_json()["hold_expires_at"] is None
    here = peer.post(f"{stay}/arrival").get_json()
    assert (here["state"], here["arrived_at"]) == ("here", "2026-11-22T21:32:00.000Z")
    assert _states(peer, juniper)[6] == "occupied"
    clock.advance(DAY)
    moved = peer.post(f"{stay}/move", {"bed_id": _board(peer, juniper)["beds"][2]["id"]})
    assert moved.status_code == 200
    assert [claim["night"] for claim in moved.get_json()["claims"]] == ["2026-11-22", "2026-11-23"]
    assert _states(peer, juniper)[6] == "readying"
    assert peer.post(f"/beds/{bed}/ready").get_json()["getting_ready_since"] is None
    left = peer.post(f"{stay}/departure", {"follow_up": True}).get_json()
    assert (left["state"], left["how"], left["follow_up"]) == ("left", "sooner-own-choice", True)
    assert list(broken_links()) == []


def test_any_free_bed_and_tonight_where_they_are_not_named(peer: Program, juniper: FullHouse) -> None:
    saved = _saved(peer, juniper, nights=1)
    assert (saved["first_night"], saved["bed_id"]) == ("2026-11-22", _board(peer, juniper)["beds"][5]["id"])


def test_a_bed_that_is_let_go_is_free(peer: Program, juniper: FullHouse) -> None:
    saved = _saved(peer, juniper, bed_id=juniper.ids["bed_id"])
    assert peer.delete(f"/stays/{saved['id']}/hold").get_json()["state"] == "let-go"
    assert _states(peer, juniper)[6] == "free"


def test_a_rule_that_says_no_is_gone_past_in_so_many_words(peer: Program, juniper: FullHouse) -> None:
    rule = add_bed_rule(COMMAND, juniper.id, RuleWords("age", least_age=18), now=SUNDAY)
    row = add_waiting(COMMAND, juniper.id, who=Named("Kit"), asked=Asked(), now=SUNDAY)
    assert row.guest_id is not None
    answer_rule(COMMAND, row.guest_id, rule.number, Says.NO, now=SUNDAY)
    for address in ("holds", "arrivals"):
        asked = {"nights": 1, "guest_id": str(row.guest_id)}
        no = peer.post(f"/houses/{juniper.slug}/{address}", asked)
        assert (no.status_code, rule_of(no)) == (409, "rule-says-no")
        assert "from the age of 18" in no.get_json()["detail"]
        yes = peer.post(f"/houses/{juniper.slug}/{address}", asked | {"all_the_same": True})
        assert yes.status_code == 201
        if address == "holds":
            assert peer.delete(f"/stays/{yes.get_json()['id']}/hold").status_code == 200
    gone_past = sa.select(Event.actor).where(Event.stream == juniper.id, Event.kind == events.RULE_GONE_PAST)
    assert {actor.partition(":")[0] for actor in db.session.scalars(gone_past)} == {"token"}


def test_somebody_at_the_door_with_a_name_or_without(peer: Program, juniper: FullHouse) -> None:
    named = peer.post(f"/houses/{juniper.slug}/arrivals", {"nights": 1, "guest": {"name": "Sam"}})
    assert (named.status_code, named.get_json()["state"]) == (201, "here")
    nobody = peer.post(f"/houses/{juniper.slug}/arrivals", {"nights": 0, "nameless": True}).get_json()
    assert (nobody["guest_id"], nobody["nights"], len(nobody["claims"])) == (None, 0, 1)


def test_two_guests_swap_in_one_act(peer: Program, juniper: FullHouse) -> None:
    one = juniper.ids["stay_id"]
    two = _board(peer, juniper)["beds"][1]["stay_id"]
    before = [bed["stay_id"] for bed in _board(peer, juniper)["beds"]][:2]
    both = peer.post(f"/stays/{one}/swap", {"stay_id": two})
    assert [stay["id"] for stay in both.get_json()["stays"]] == [one, two]
    assert [bed["stay_id"] for bed in _board(peer, juniper)["beds"]][:2] == before[::-1]


def test_more_nights_as_the_house_has_it(peer: Program, coordinator: Program, juniper: FullHouse) -> None:
    stay = f"/stays/{juniper.ids['stay_id']}"
    assert rule_of(peer.post(f"{stay}/extension", {"nights": 2})) == "not-yours-to-grant"
    longer = coordinator.post(f"{stay}/extension", {"nights": 2})
    assert (longer.get_json()["nights"], longer.get_json()["until"]) == (5, "2026-11-27")


def test_a_visit_goes_on_to_a_bed(peer: Program, juniper: FullHouse) -> None:
    visit = peer.post(f"/houses/{juniper.slug}/visits", {}).get_json()
    assert (visit["guest_id"], visit["minutes"]) == (None, 0)
    stay = peer.post(f"/visits/{visit['id']}/stay", {"nights": 1, "guest": {"name": "Kit"}})
    assert (stay.status_code, stay.get_json()["state"]) == (201, "here")
    ended = peer.post(f"/visits/{juniper.ids['visit_id']}/departure", {})
    assert ended.get_json()["left_at"] == "2026-11-22T21:32:00.000Z"


def test_a_door_closes_and_opens_again(coordinator: Program, juniper: FullHouse) -> None:
    bed = juniper.ids["bed_id"]
    closed = coordinator.post(
        f"/beds/{bed}/closure", {"from": "2026-11-22", "until": "2026-11-25", "reason": "A new window"}
    )
    assert closed.status_code == 201
    assert _states(coordinator, juniper)[6] == "closed"
    opened = coordinator.delete(f"/beds/{bed}/closure?closure_id={closed.get_json()['id']}")
    assert opened.get_json()["opened_at"] is not None
    assert _states(coordinator, juniper)[6] == "free"
    assert rule_of(coordinator.delete(f"/beds/{bed}/closure")) == "not-closed"
    other = juniper.ids["closure_id"]
    assert coordinator.delete(f"/beds/{bed}/closure?closure_id={other}").status_code == 404


def test_what_happened_earlier_is_entered_with_its_time(peer: Program, juniper: FullHouse) -> None:
    saved = _saved(peer, juniper)
    late = peer.post(f"/stays/{saved['id']}/arrival", {"at": "2026-11-22T14:00:00-07:00"})
    assert late.get_json()["arrived_at"] == "2026-11-22T21:00:00.000Z"
    for wrong in ("2026-11-22T14:00:00", "2026-11-22", "2026-11-22T25:00:00Z", "0001-01-01T00:00:00+14:00", 5):
        refused = peer.post(f"/stays/{saved['id']}/departure", {"at": wrong})
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["at"])
    early = peer.post(f"/stays/{saved['id']}/departure", {"at": "2026-11-22T13:00:00-07:00"})
    assert early.get_json()["errors"].keys() == {"at"}


def test_how_a_stay_ended_is_told_by_its_own_facts(peer: Program, juniper: FullHouse) -> None:
    stay = f"/stays/{juniper.ids['stay_id']}"
    refused = peer.post(f"{stay}/departure", {"how": "taken-by-ambulance"})
    assert set(refused.get_json()["errors"]) == {"who_called", "guest_chose"}
    told = peer.post(f"{stay}/departure", {"how": "taken-by-ambulance", "who_called": "guest", "guest_chose": True})
    assert told.get_json()["how"] == "taken-by-ambulance"


def test_the_nights_of_every_door(peer: Program, juniper: FullHouse) -> None:
    told = peer.get(f"/houses/{juniper.slug}/beds?from=2026-11-22&until=2026-11-25").get_json()
    assert (told["tonight"], told["from"], told["until"]) == ("2026-11-22", "2026-11-22", "2026-11-25")
    kinds = {bed["name"]: [claim["kind"] for claim in bed["nights"]] for bed in told["beds"]}
    assert kinds == {
        "Quetzal 1": ["stay"] * 3,
        "Quetzal 2": ["stay"],
        "Quetzal 3": ["held"] * 2,
        "Quetzal 4": [],
        "Quetzal 5": ["closure"] * 3,
        "Quetzal 6": ["held"],
        "Quetzal 7": [],
    }
    assert [each["count"] for each in told["free"]] == [3, 4, 4]


def test_shifts_by_the_houses_days(peer: Program, juniper: FullHouse) -> None:
    told = peer.get(f"/houses/{juniper.slug}/shifts?from=2026-11-22&to=2026-11-23").get_json()
    assert [(shift["kind"], (shift["person"] or {}).get("name")) for shift in told["shifts"]] == [
        ("floor", "Pat peer"),
        ("on-call", None),
    ]
    assert peer.get(f"/houses/{juniper.slug}/shifts?from=2026-12-01&to=2026-12-02").get_json()["shifts"] == []


def test_who_looked_at_a_stay_is_noted(peer: Program, juniper: FullHouse) -> None:
    peer.get(f"/stays/{juniper.ids['stay_id']}")
    looks = db.session.scalars(sa.select(AccessLog)).all()
    assert [(str(look.subject), look.what) for look in looks] == [(juniper.ids["guest_id"], "stay")]
    assert looks[0].actor.startswith("token:")


# -- tokens ---------------------------------------------------------------------------------------------------------

#: An operation of each kind of right, with a body that would be acted on.
ASKED: list[tuple[str, str, May, Any]] = [
    ("GET", "/houses/{slug}/board", May.SEE_BOARD, None),
    ("GET", "/houses/{slug}/shifts", May.SEE_SHIFTS, None),
    ("GET", "/houses/{slug}/beds", May.SEE_GUESTS, None),
    ("GET", "/stays/{stay_id}", May.SEE_GUESTS, None),
    ("POST", "/houses/{slug}/holds", May.KEEP_BEDS, {"nights": 1, "guest": {"name": "Robin"}}),
    ("POST", "/stays/{stay_id}/departure", May.KEEP_BEDS, {}),
    ("POST", "/beds/{bed_id}/closure", May.CLOSE_BEDS, {"from": "2026-11-22", "until": "2026-11-23"}),
]


@pytest.mark.parametrize("role", list(Role))
def test_a_token_may_what_its_role_may_in_its_own_house_alone(
    acts_as: As, juniper: FullHouse, aspen: FullHouse, role: Role
) -> None:
    for method, path, right, body in ASKED:
        sent = {} if body is None else {"json": body}
        elsewhere = acts_as(role, aspen)(method, path.format(**juniper.ids), **sent)
        assert (elsewhere.status_code, rule_of(elsewhere)) == (404, "not-found"), path
        own = acts_as(role)(method, path.format(**juniper.ids), **sent)
        if right in RIGHTS[role]:
            assert own.status_code in (200, 201), path
        else:
            assert (own.status_code, rule_of(own)) == (404, "not-found"), path


@pytest.mark.parametrize(
    "header", [None, "Bearer", "Bearer ", "Bearer nobody's", "Basic cGF0OnBhdA==", "Bearer " + "x" * 5000]
)
def test_without_a_token_that_counts_the_answer_is_401(
    stranger: Program, juniper: FullHouse, header: str | None
) -> None:
    answer = stranger.get(f"/houses/{juniper.slug}/board", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_that_was_taken_back_opens_nothing(peer: Program, juniper: FullHouse) -> None:
    with transaction() as session:
        row = session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == digest(juniper.tokens[Role.PEER])))
        assert row is not None
        row.revoked_at = SUNDAY
    assert peer.get(f"/houses/{juniper.slug}/board").status_code == 401


def test_no_cookie_counts_and_none_is_given(app: Flask, document: Document, juniper: FullHouse) -> None:
    client = app.test_client()
    for name in ("sid", "session", "__Host-sid", "form"):
        client.set_cookie(name, juniper.sessions[Role.DIRECTOR])
    client.set_cookie("display", juniper.display_token)
    answer = ask(client, "GET", f"{PREFIX}/houses/{juniper.slug}/board")
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    told = ask(
        client,
        "GET",
        f"{PREFIX}/houses/{juniper.slug}/board",
        headers={"Authorization": f"Bearer {juniper.tokens[Role.PEER]}"},
    )
    assert (told.status_code, "Set-Cookie" in told.headers) == (200, False)


def test_an_act_needs_no_form_token_and_minds_no_foreign_page(app: Flask, peer: Program, juniper: FullHouse) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert _saved(peer, juniper)["state"] == "held"
    foreign = Program(app, peer.document).post(
        f"/houses/{juniper.slug}/holds", {"nights": 1}, headers={"Origin": "https://elsewhere.example"}
    )
    assert foreign.status_code == 401


def test_an_unknown_address_and_a_wrong_method_are_problems_too(app: Flask, juniper: FullHouse) -> None:
    client = app.test_client()
    assert rule_of(ask(client, "GET", f"{PREFIX}/nothing")) == "not-found"
    wrong = ask(client, "DELETE", f"{PREFIX}/houses/{juniper.slug}/board")
    assert (wrong.status_code, rule_of(wrong)) == (405, "method-not-allowed")
    assert "GET" in wrong.headers["Allow"]


# -- versions and keys ----------------------------------------------------------------------------------------------


def test_an_act_over_a_newer_version_is_refused(peer: Program, juniper: FullHouse) -> None:
    saved = _saved(peer, juniper)
    path = f"/stays/{saved['id']}"
    shown = peer.get(path)
    assert shown.headers["ETag"] == f'"{saved["version"]}"'
    confirmed = peer.post(f"{path}/confirmation", headers={"If-Match": shown.headers["ETag"]})
    assert confirmed.status_code == 200
    stale = peer.post(f"{path}/arrival", headers={"If-Match": shown.headers["ETag"]})
    assert (stale.status_code, rule_of(stale)) == (412, "stale-version")
    assert rule_of(peer.post(f"{path}/arrival", headers={"If-Match": '"soup"'})) == "stale-version"
    assert rule_of(peer.post(f"{path}/arrival", headers={"If-Match": '"1", "2"'})) == "invalid"
    assert peer.get(path, headers={"If-None-Match": confirmed.headers["ETag"]}).status_code == 304
    assert peer.post(f"{path}/arrival", headers={"If-Match": confirmed.headers["ETag"]}).status_code == 200


def test_doors_and_visits_mind_their_version_too(peer: Program, coordinator: Program, juniper: FullHouse) -> None:
    stale = {"If-Match": '"77"'}
    bed, visit, stay = (juniper.ids[name] for name in ("bed_id", "visit_id", "stay_id"))
    for program, method, path, body in (
        (peer, "POST", f"/beds/{bed}/ready", None),
        (coordinator, "POST", f"/beds/{bed}/closure", {"from": "2026-11-22", "until": "2026-11-23"}),
        (coordinator, "DELETE", f"/beds/{_board(peer, juniper)['beds'][4]['id']}/closure", None),
        (peer, "POST", f"/visits/{visit}/departure", {}),
        (peer, "POST", f"/visits/{visit}/stay", {"nights": 1}),
        (peer, "POST", f"/stays/{stay}/swap", {"stay_id": juniper.ids["other_stay_id"]}),
        (peer, "POST", f"/stays/{stay}/move", {"bed_id": bed}),
        (coordinator, "POST", f"/stays/{stay}/extension", {"nights": 1}),
        (peer, "POST", f"/stays/{stay}/departure", {}),
        (peer, "DELETE", f"/stays/{juniper.ids['other_stay_id']}/hold", None),
    ):
        answer = program(method, path, headers=stale, **({} if body is None else {"json": body}))
        assert rule_of(answer) == "stale-version", path


def test_the_same_key_and_body_are_one_act_with_one_answer(
    peer: Program, coordinator: Program, juniper: FullHouse
) -> None:
    path, body, key = (
        f"/houses/{juniper.slug}/holds",
        {"nights": 1, "guest": {"name": "Robin"}},
        {"Idempotency-Key": "k1"},
    )
    first = peer.post(path, body, headers=key)
    again = peer.post(path, body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert again.headers["ETag"] == first.headers["ETag"]
    other = peer.post(path, {"nights": 2, "guest": {"name": "Robin"}}, headers=key)
    assert (other.status_code, rule_of(other)) == (422, "idempotency-key-reused")
    elsewhere = peer.post(f"/stays/{first.get_json()['id']}/confirmation", headers=key)
    assert rule_of(elsewhere) == "idempotency-key-reused"
    assert coordinator.post(path, body, headers=key).get_json()["id"] != first.get_json()["id"]


def test_a_refusal_is_not_kept_with_its_key(peer: Program, juniper: FullHouse) -> None:
    bed, key = juniper.ids["bed_id"], {"Idempotency-Key": "once"}
    first = _saved(peer, juniper, bed_id=bed)
    body = {"nights": 1, "bed_id": bed, "guest": {"name": "Sam"}}
    assert rule_of(peer.post(f"/houses/{juniper.slug}/holds", body, headers=key)) == "bed-taken"
    peer.delete(f"/stays/{first['id']}/hold")
    assert peer.post(f"/houses/{juniper.slug}/holds", body, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "schlüssel"])
def test_a_key_is_plain_and_short(peer: Program, juniper: FullHouse, key: str) -> None:
    body = {"nights": 1, "guest": {"name": "Robin"}}
    answer = peer.post(f"/houses/{juniper.slug}/holds", body, headers={"Idempotency-Key": key})
    assert (answer.status_code, rule_of(answer)) == (422, "invalid")


# -- the names of rules ---------------------------------------------------------------------------------------------


def test_each_rule_answers_by_its_name_and_in_words(
    peer: Program, coordinator: Program, juniper: FullHouse, clock: StillClock
) -> None:
    holds, ids = f"/houses/{juniper.slug}/holds", juniper.ids
    ana = {"guest_id": ids["guest_id"]}
    board = _board(peer, juniper)
    taken, free, chair = board["beds"][0]["id"], ids["bed_id"], board["chairs"][0]["id"]
    told = [
        (peer.post(holds, {"nights": 1, "bed_id": taken, "guest": {"name": "R"}}), 409, "bed-taken"),
        (peer.post(holds, {"nights": 1, **ana}), 409, "already-here"),
        (peer.post(holds, {"nights": 8, "guest": {"name": "R"}}), 409, "stay-too-long"),
        (peer.post(holds, {"nights": 1}), 422, "invalid"),
        (peer.post(holds, {"nights": 1, "nameless": True, **ana}), 422, "invalid"),
        (peer.post(holds, {"nights": 1, "first_night": "2026-11-21", "guest": {"name": "R"}}), 422, "invalid"),
        (peer.post(f"/stays/{ids['stay_id']}/arrival"), 409, "already-arrived"),
        (peer.post(f"/stays/{ids['other_stay_id']}/departure"), 409, "not-here-now"),
        (peer.post(f"/beds/{free}/ready"), 409, "bed-not-ready"),
        (peer.post(f"/stays/{ids['stay_id']}/move", {"bed_id": taken}), 409, "bed-taken"),
        (
            coordinator.post(f"/beds/{free}/closure", {"from": "2026-11-24", "until": "2026-11-23"}),
            422,
            "invalid",
        ),
        (coordinator.post(f"/stays/{ids['stay_id']}/extension", {"nights": 5}), 409, "too-many-nights-at-once"),
        (peer.post(f"/houses/{juniper.slug}/visits", {"chair_id": chair}), 409, "chair-taken"),
    ]  # fmt: skip
    for answer, status, rule in told:
        assert (answer.status_code, rule_of(answer)) == (status, rule)
        assert answer.get_json()["detail"].endswith(".")
    peer.post(f"/visits/{ids['visit_id']}/departure", {})
    assert rule_of(peer.post(f"/visits/{ids['visit_id']}/departure", {})) == "visit-over"
    change_rules(COMMAND, juniper.id, {"nameless_stays": False}, number_seen=None, now=SUNDAY)
    assert rule_of(peer.post(holds, {"nights": 1, "nameless": True})) == "nameless-not-offered"
    clock.advance(timedelta(hours=5))
    assert rule_of(peer.post(f"/stays/{ids['other_stay_id']}/arrival")) == "saved-time-over"


def test_nights_used_up_says_what_is_open(peer: Program, juniper: FullHouse, clock: StillClock) -> None:
    here = peer.post(f"/houses/{juniper.slug}/arrivals", {"nights": 7, "guest": {"name": "Robin"}}).get_json()
    clock.advance(7 * DAY)
    sweep(clock.now())
    assert peer.post(f"/stays/{here['id']}/departure").status_code == 200
    refused = peer.post(f"/houses/{juniper.slug}/holds", {"nights": 1, "guest_id": here["guest_id"]})
    assert (refused.status_code, rule_of(refused)) == (409, "nights-used-up")
    assert "22 December" in refused.get_json()["detail"]


def test_a_sentence_comes_in_the_language_asked_for(peer: Program) -> None:
    english = peer.get("/houses/no-such-house/board").get_json()
    spanish = peer.get("/houses/no-such-house/board", headers={"Accept-Language": "es"}).get_json()
    assert english["type"] == spanish["type"]
    assert english["detail"] != spanish["detail"]


# -- free beds for anybody ------------------------------------------------------------------------------------------


def _share(house: FullHouse) -> None:
    with transaction() as session:
        session.get_one(House, house.id).shares_availability = True


def test_a_house_shares_its_free_beds_only_where_it_chose_to(
    stranger: Program, juniper: FullHouse, aspen: FullHouse
) -> None:
    assert rule_of(stranger.get(f"/houses/{juniper.slug}/availability")) == "not-found"
    assert rule_of(stranger.get("/houses/no-such-house/availability")) == "not-found"
    assert stranger.get("/availability").get_json() == {"houses": []}
    _share(juniper)
    told = stranger.get(f"/houses/{juniper.slug}/availability").get_json()
    assert (told["count"], told["available"], told["maximum"], told["call"]) == (2, 2, 7, False)
    assert told["as_of"] == "2026-11-22T21:32:00.000Z"
    assert stranger.get("/availability").get_json() == {"houses": [told]}


def test_nothing_about_anybody_is_shared(stranger: Program, juniper: FullHouse) -> None:
    _share(juniper)
    words = stranger.get("/availability").get_data(as_text=True)
    assert not [word for word in juniper.canaries if word in words]


def test_free_beds_have_the_shape_of_hsds(stranger: Program, juniper: FullHouse) -> None:
    examples = SHARED / "data" / "hsds-3-examples"
    if not examples.is_dir():
        pytest.skip("the HSDS 3.1 schemas are not on this machine")
    capacity, unit = (
        json.loads((examples / f"{name}.schema-3.1-dev.json").read_text(encoding="utf-8"))
        for name in ("service_capacity", "unit")
    )
    for schema in (capacity, unit):
        for name in ("attributes", "metadata"):
            schema["properties"].pop(name)
    capacity["properties"]["unit"] = {key: unit[key] for key in ("type", "properties", "required")}
    _share(juniper)
    told = stranger.get(f"/houses/{juniper.slug}/availability").get_json()
    OAS31Validator(capacity).validate(told)
    assert (told["unit"]["name"], told["updated"]) == ("bed", told["as_of"])


def test_a_count_that_nobody_looked_after_asks_to_be_called(
    stranger: Program, juniper: FullHouse, clock: StillClock
) -> None:
    _share(juniper)
    clock.advance(timedelta(hours=12))
    sweep(clock.now())
    assert stranger.get(f"/houses/{juniper.slug}/availability").get_json()["call"] is False
    clock.advance(timedelta(minutes=1))
    told = stranger.get(f"/houses/{juniper.slug}/availability").get_json()
    assert (told["call"], told["count"], "available" in told, told["phone"]) == (True, None, False, "+13035550142")
    assert told["as_of"] == "2026-11-22T21:32:00.000Z"


def test_a_text_that_comes_in_makes_no_count_fresh(stranger: Program, juniper: FullHouse, clock: StillClock) -> None:
    _share(juniper)
    clock.advance(timedelta(hours=12, minutes=1))
    with transaction() as session:
        record(session, juniper.id, events.BOARD_MOVED, subject=None, actor=None, at=clock.now(), parts=("beds",))
    assert stranger.get(f"/houses/{juniper.slug}/availability").get_json()["call"] is True


def test_a_house_with_every_bed_closed_asks_to_be_called(stranger: Program, juniper: FullHouse) -> None:
    _share(juniper)
    with transaction() as session:
        for bed in session.scalars(sa.select(Bed).where(Bed.house_id == juniper.id)):
            bed.retired_at = SUNDAY
    told = stranger.get(f"/houses/{juniper.slug}/availability").get_json()
    assert (told["call"], told["count"], "available" in told) == (True, None, False)


def test_a_house_stands_as_hsds_and_on_a_card(
    app: Flask, stranger: Program, juniper: FullHouse, aspen: FullHouse, clock: StillClock
) -> None:
    browser = app.test_client()
    assert browser.get("/free-beds.json").get_json()["contents"] == []
    assert "No house shares" in browser.get("/free-beds").get_data(as_text=True)
    assert browser.get(f"/free-beds/{juniper.slug}").status_code == 404
    _share(juniper)
    told = stranger.get(f"/houses/{juniper.slug}/availability").get_json()
    (house,) = browser.get("/free-beds.json").get_json()["contents"]
    assert list(wrong_in("organization", house)) == []
    (service,) = house["services"]
    beds = next(each for each in service["capacities"] if each["unit"]["name"] == "bed")
    assert {name: told[name] for name in beds} == beds
    assert service["phones"][0]["number"] == "+13035550142"
    pages = ("/free-beds", f"/free-beds/{juniper.slug}")
    for page in pages:
        words = browser.get(page).get_data(as_text=True)
        assert "2 beds are free now." in words
        assert "2:32 pm" in words
        assert 'href="tel:+13035550142"' in words
        assert juniper.slug.removesuffix("-house").title() in words
        assert aspen.slug.removesuffix("-house").title() not in words
    seen = "".join(browser.get(page).get_data(as_text=True) for page in (*pages, "/free-beds.json"))
    assert not [word for word in juniper.canaries if word in seen]
    clock.advance(timedelta(hours=12, minutes=1))
    (service,) = browser.get("/free-beds.json").get_json()["contents"][0]["services"]
    assert (service["capacities"], service["alert"]) == ([], "Please call the house.")
    spanish = browser.get(pages[1], headers={"Accept-Language": "es"}).get_data(as_text=True)
    assert "Llama a la casa" in spanish
    assert "free now" not in spanish
    answers = {browser.get("/free-beds").status_code for _ in range(61)}
    assert answers == {200, 429}


def test_free_beds_may_be_asked_for_so_often(stranger: Program, juniper: FullHouse) -> None:
    answers = [stranger.get(f"/houses/{juniper.slug}/availability").status_code for _ in range(61)]
    assert answers == [404] * 60 + [429]


def test_a_stay_that_was_taken_back_meanwhile_is_not_there(
    peer: Program, juniper: FullHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = _saved(peer, juniper)

    def after_somebody_else(*args: Any) -> Any:
        with transaction() as session:
            session.execute(sa.delete(BedNight).where(BedNight.claim_id == UUID(saved["id"])))
            session.execute(sa.delete(Stay).where(Stay.id == UUID(saved["id"])))
        return act_once(*args)

    monkeypatch.setattr("respite.accounts.api.act_once", after_somebody_else)
    answer = peer.post(f"/stays/{saved['id']}/arrival", headers={"Idempotency-Key": "k"})
    assert (answer.status_code, rule_of(answer)) == (404, "not-found")

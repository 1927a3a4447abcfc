"""What follows from the terms said of an organisation or a service."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from respite.resources.models import Attribute, Organization, Service, Taxonomy, Term
from respite.resources.policy import OWN_TAXONOMY, PEER_RUN


def mark_peer_run(session: Session) -> None:
    """Organisations and services that a term of ours calls peer-run, and the services of such organisations."""
    ours = (
        sa.select(Term.id)
        .outerjoin(Taxonomy, Taxonomy.id == Term.taxonomy_id)
        .where(Term.code == PEER_RUN, sa.or_(Taxonomy.name == OWN_TAXONOMY, Term.taxonomy == OWN_TAXONOMY))
    )
    said = sa.select(Attribute.organization_id, Attribute.service_id).where(Attribute.term_id.in_(ours))
    rows = session.execute(said).all()
    organizations = {row.organization_id for row in rows} - {None}
    of_those = set(session.scalars(sa.select(Service.id).where(Service.organization_id.in_(organizations))))
    services = ({row.service_id for row in rows} | of_those) - {None}
    for model, wanted in ((Organization, organizations), (Service, services)):
        now = set(session.scalars(sa.select(model.id).where(model.peer_run.is_(True))))
        for ids, yes in ((wanted - now, True), (now - wanted, False)):
            if ids:
                session.execute(sa.update(model).where(model.id.in_(ids)).values(peer_run=yes))

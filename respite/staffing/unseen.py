"""What of a guest is not there for whom they keep it from, among what staffing keeps."""

from __future__ import annotations

from respite.accounts.unseen import hidden
from respite.staffing.models import ClinicalPage, CompanyWish

hidden(CompanyWish, lambda guests: CompanyWish.guest_id.in_(guests))
hidden(ClinicalPage, lambda guests: ClinicalPage.guest_id.in_(guests))

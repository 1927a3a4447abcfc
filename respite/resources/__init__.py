"""The directory: organisations outside the house and what they offer, in Open Referral HSDS (docs/directory.md)."""

"""A Twilio for tests: its own process, a ledger, faults on request. Start with companion.py."""

"""Guests: first contact, conversation, waiting, saved beds, stays and visits."""

"""Respite: beds, guests, shifts, texts and the live board of a peer respite."""

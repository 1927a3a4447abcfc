"""Peers and when they are on."""

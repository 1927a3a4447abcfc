"""Correspondents, consents, texts out and in, the Twilio gateway and the phone simulator."""

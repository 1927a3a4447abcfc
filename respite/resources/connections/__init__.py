"""How a guest and a place or people find each other: offered, wanted, in touch, connected."""

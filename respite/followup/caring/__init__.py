"""A kind word now and then: one-way, asked for by the guest, written by a peer who was there, and ended kindly."""

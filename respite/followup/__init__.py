"""After a stay: what follows, as the guest chose it."""

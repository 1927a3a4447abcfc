"""What others are told of a guest: only with the guest's own yes to those very words, and written down."""

"""APScheduler: runs the sweeps that features declare."""

"""The guest's own page: what is written about them, who looked, and what they choose themselves."""

"""Ground that knows no word of the house: settings, clock, database, crypto, web guard, realtime."""

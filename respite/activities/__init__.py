"""Groups and activities for guests and neighbours: when, where, who leads; how many came, and never who."""

"""Houses, their rooms, beds and chairs, and the rules each house lives by."""

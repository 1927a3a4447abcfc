"""Something went wrong: told by a guest to one person they choose, read by nobody it is about, answered by a day."""

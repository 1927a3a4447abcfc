"""The house's event log: what happened, who did it, who looked; and its verification."""

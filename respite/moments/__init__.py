"""Hard moments: what happened in time order, the guest's own account beside it, and somebody to talk with."""

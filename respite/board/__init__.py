"""What the wall and the desk show, and how they stay live."""

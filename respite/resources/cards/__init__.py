"""Cards: a few places of the directory, to be taken along on paper or opened by a link."""

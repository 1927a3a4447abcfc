"""Words that somebody who writes may choose instead: offered beside the field, never in the way of an act."""

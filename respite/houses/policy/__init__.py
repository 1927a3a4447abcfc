"""Rules of a house as pure functions: values in, values out."""

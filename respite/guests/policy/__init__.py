"""Rules about guests, stays and visits as pure functions: values in, values out."""

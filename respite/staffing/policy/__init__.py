"""Rules of duty as pure functions: values in, values out."""

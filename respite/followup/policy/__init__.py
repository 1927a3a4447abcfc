"""Rules of what follows a stay: values in, values out."""

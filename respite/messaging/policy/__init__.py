"""Rules of texting: values in, values out."""

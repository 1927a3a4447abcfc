"""Periods, what is told to others, and what a figure is made of: values in, values out."""

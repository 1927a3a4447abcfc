"""Filling a roster: pure code without a database, a web request or a word for a person to read.

`problem` says what a roster is asked to be, of the parts in `parts`; `model` fills one, with `rows` and `weighing`;
`checking` and `costs` judge any roster and know nothing of the model; `explaining` says why something stays open, by
the `facts` of the problem; `repair` changes little; `benchmark` reads and writes files.
"""

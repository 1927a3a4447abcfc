"""Finding in the directory: the words and facts it is searched by, and the search itself."""

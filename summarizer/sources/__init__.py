"""Sources: files, folders, globs, standard input and URLs, read into articles."""

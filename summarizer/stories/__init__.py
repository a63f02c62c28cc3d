"""A day's news: from many articles to stories, from each story to a diff, and to one index.

``inputs`` reads records of many kinds, ``store`` keeps the articles and which story each is in,
``cluster`` finds the stories, ``tasks`` compares them in processes, and ``output`` writes the
index and the tables. The files in the output folder are the truth: a run that was killed goes on
from them.
"""

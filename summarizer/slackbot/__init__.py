"""The Slack app: thin over the same pipeline as the command line.

A delivery of Slack comes in by ``http`` or Socket Mode and goes to ``listeners``, which store it
as one of the ``jobs`` and only then let Slack have its answer. The threads of ``workers`` take the
jobs, and ``runner`` does them: a process of its own (``compare``) reads and compares, ``replies``
has the words, and each answer is posted once. ``bot`` puts it together.
"""

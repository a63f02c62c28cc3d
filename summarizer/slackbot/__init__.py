"""The Slack app: thin over the same pipeline as the command line.

A delivery of Slack goes through ``listeners`` (what Bolt calls) to ``reception`` (seen before?
too busy?), which writes a job into ``store`` and only then lets Slack have its answer. ``workers``
take the jobs, ``work`` does them, a process of its own (``child``) reads and compares, and
``posting`` sees to it that each answer is posted once.
"""

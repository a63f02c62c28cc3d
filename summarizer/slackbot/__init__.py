"""The Slack app: thin over the same pipeline as the command line.

A delivery of Slack comes in by ``http`` or Socket Mode and goes to what Bolt calls
(``listeners``), which writes a job into ``store`` and only then lets Slack have its answer. The
threads of ``pool`` take the jobs and ``runner`` does them: a process of its own
(``worker_process`` holds it, ``worker_main`` runs in it) reads and compares, and ``posting`` sees
to it that each answer is posted once. ``bot`` puts it all together.
"""

"""What tests share: builders of articles and reports, servers on the loopback, folders."""

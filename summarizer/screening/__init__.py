"""What an article says to the machine that reads it, and not to its readers, is taken out."""

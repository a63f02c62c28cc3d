"""Facts: claims and judgements merged into who reports what."""

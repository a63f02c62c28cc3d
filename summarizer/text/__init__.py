"""What stands in a text: words, sentences, figures, dates, names; always with offsets."""

"""What an article says to the machine that reads it, and not to its readers, is taken out.

A model that reads an article must not take orders from it, and an order is no fact. One
function, ``screen``, takes out what no reader sees, the markup of chats, and orders to a
machine or about this text and its summary. An order to readers ("Move to high ground") is
news and stays; so does whatever is in doubt, since nothing that a model answers is believed
without evidence.
"""

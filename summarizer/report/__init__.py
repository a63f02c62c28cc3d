"""What a report is: the contract of its JSON, and the view that every renderer lays out.

``schema`` defines the published shape, ``view`` what a reader is shown and in which order.
Renderers choose letters and colours, never words.
"""

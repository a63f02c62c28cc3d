"""What a report is: the form of its JSON, and the view, whose words every renderer lays out."""

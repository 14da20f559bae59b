"""Invented reports: balanced accounts as labels, errors planted in them, and how many of those are found.

Nothing here imports the reader's checks: what a report has to hold is written down once more, from the field's rules.
"""

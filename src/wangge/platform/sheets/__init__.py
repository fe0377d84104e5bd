"""Spreadsheets in and out: `reading.read` gives rows of text, `writing` makes xlsx and csv that hold no formula."""

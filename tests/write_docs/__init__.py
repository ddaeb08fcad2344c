"""Pages of docs/ that are written from the program itself: `python -m tests.write_docs`."""

"""Grading a class: submissions are read, run in a cage, judged outside it, and shown to lecturer and learners."""

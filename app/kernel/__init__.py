"""Time, deadlines, errors, events: plain Python that knows nothing of the rest."""

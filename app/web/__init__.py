"""Page shell, answers, form errors, and the way from a request to a Work."""

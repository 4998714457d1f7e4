"""A filing arrives, is tracked by its filer and screened."""

"""The pages of intake: the form, following a complaint by its passphrase, and the office's screening."""

"""The pages of signing in, of one's own account, and of those who run and audit the installation."""

"""What is done about accounts and sessions."""

"""What is recommended, and what the department answers."""

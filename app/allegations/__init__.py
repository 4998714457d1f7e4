"""What is alleged against whom, and the findings on each."""

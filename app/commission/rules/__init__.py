"""What is decided without looking anything up: who makes a quorum, what carries, what a packet is made of."""

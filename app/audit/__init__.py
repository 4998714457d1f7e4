"""The append-only journal, its Merkle tree and its checkpoints."""

"""Database, storage, mail, PDF, queue, logging: the outside world behind small modules."""

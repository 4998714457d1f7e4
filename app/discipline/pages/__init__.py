"""Pages of discipline behind three doors: the office's case tab, the secretary's, and the department's answers."""

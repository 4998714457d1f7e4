"""Pages of the commission behind two doors: where the office prepares meetings, and where the members meet."""

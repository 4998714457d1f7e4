"""The invented city of the demonstration: its people, its words, its stories, and the year they live through."""

"""What a page or a report shows of a release, as pure functions of the release's own files."""

-- What the public side reads, and who may put it there.

GRANT SELECT ON release.releases, release.release_tables, release.release_files, release.bulletins TO @public@, @worker@;
GRANT SELECT, INSERT ON release.releases, release.release_tables, release.release_files, release.bulletins TO @publisher@;

-- What the office asked to have built: the office asks and reads, the worker builds.
GRANT SELECT, INSERT, UPDATE ON release_builds TO @office@, @worker@;

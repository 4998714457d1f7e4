-- What the public side reads, and who may put it there.

GRANT SELECT ON release.releases, release.release_tables, release.bulletins TO @public@, @worker@;
GRANT SELECT, INSERT ON release.releases, release.release_tables, release.bulletins TO @publisher@;

-- A function may be run by everybody from the moment it is made, unless that is taken away: the first file could not
-- yet do so for those that the later files make. What was granted to a door stays.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public, release FROM PUBLIC;

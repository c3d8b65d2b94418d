-- What the search finds in addition does no harm.
SELECT 1;

-- Duplicates among people in plain SQL, for PostgreSQL and DuckDB alike (jaro_winkler and levenshtein come with the caller): blocks, pairs that
-- share one, a score for each, for `scripts/bench identity --peers`. Each statement ends with a semicolon at the end of its line; what follows "--@"
-- is the name of a step. Connected components follow in the caller.

--@ clean
CREATE TABLE person AS SELECT *, left(dob, 4) AS born, left(regexp_replace(family, '[aeiouyhw'' -]', '', 'g'), 4) AS family_sound,
    left(regexp_replace(given, '[aeiouyhw'' -]', '', 'g'), 4) AS given_sound, nullif(split_part(email, '@', 1), '') AS local,
    nullif(regexp_replace(street, '[^0-9].*$', '', 'g'), '') AS house
FROM (SELECT cast(rec_id AS bigint) AS id, nullif(regexp_replace(lower(trim(first_name)), '^(mr|mrs|dr) | [a-z]$', '', 'g'), '') AS given,
        nullif(lower(trim(last_name)), '') AS family, nullif(lower(trim(email)), '') AS email,
        nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 10), '') AS phone, nullif(dob, '') AS dob, nullif(lower(trim(address)), '') AS street,
        nullif(lower(trim(city)), '') AS city, nullif(left(postcode, 5), '') AS postcode FROM people) AS p;
ANALYZE person;

--@ blocks five
CREATE TABLE keyed AS
SELECT id, '1' || email AS v FROM person WHERE email IS NOT NULL
UNION ALL SELECT id, '2' || phone FROM person WHERE phone IS NOT NULL
UNION ALL SELECT id, '3' || left(family, 3) || left(given, 1) || postcode FROM person WHERE family IS NOT NULL AND given IS NOT NULL AND postcode IS NOT NULL
UNION ALL SELECT id, '4' || dob || left(family, 2) FROM person WHERE dob IS NOT NULL AND family IS NOT NULL
UNION ALL SELECT id, '5' || left(street, 8) || postcode FROM person WHERE street IS NOT NULL AND postcode IS NOT NULL;
ANALYZE keyed;

--@ blocks ours
CREATE TABLE keyed AS SELECT id, v FROM (
    SELECT id, '00' || email AS v FROM person UNION ALL SELECT id, '01' || phone FROM person
    UNION ALL SELECT id, '03' || family || dob FROM person UNION ALL SELECT id, '04' || given || dob FROM person
    UNION ALL SELECT id, '05' || street || postcode FROM person UNION ALL SELECT id, '06' || family || ',' || given FROM person
    UNION ALL SELECT id, '07' || family || postcode FROM person UNION ALL SELECT id, '08' || given || postcode FROM person
    UNION ALL SELECT id, '09' || local FROM person UNION ALL SELECT id, '10' || dob || postcode FROM person
    UNION ALL SELECT id, '11' || family_sound || left(given, 1) || born FROM person UNION ALL SELECT id, '12' || dob FROM person
    UNION ALL SELECT id, '13' || family_sound || ',' || given_sound FROM person
    UNION ALL SELECT id, '14' || least(family, given) || ',' || greatest(family, given) FROM person WHERE family IS NOT NULL AND given IS NOT NULL
    UNION ALL SELECT id, '15' || family FROM person UNION ALL SELECT id, '16' || given || born FROM person
    UNION ALL SELECT id, '17' || house || ',' || city || left(given, 1) FROM person UNION ALL SELECT id, '18' || left(family, 1) || given || city FROM person
    UNION ALL SELECT id, '19' || postcode FROM person) AS k WHERE v IS NOT NULL;
ANALYZE keyed;

--@ split
CREATE TABLE split_once AS SELECT k.id, CASE WHEN k.n > 30 THEN k.v || '|' || coalesce(left(p.given, 1), '') ELSE k.v END AS v
FROM (SELECT id, v, count(*) OVER (PARTITION BY v) AS n FROM keyed) AS k JOIN person p ON p.id = k.id WHERE k.n > 1;
ANALYZE split_once;
CREATE TABLE split_twice AS SELECT k.id, CASE WHEN k.n > 30 THEN k.v || '|' || coalesce(p.born, '') ELSE k.v END AS v
FROM (SELECT id, v, count(*) OVER (PARTITION BY v) AS n FROM split_once) AS k JOIN person p ON p.id = k.id WHERE k.n > 1;
ANALYZE split_twice;
CREATE TABLE block AS SELECT id, v FROM (SELECT id, v, count(*) OVER (PARTITION BY v) AS n FROM split_twice) AS k WHERE n BETWEEN 2 AND 30;
ANALYZE block;

--@ pairs
CREATE TABLE pair AS SELECT DISTINCT a.id AS i, b.id AS j FROM block a JOIN block b ON a.v = b.v AND a.id < b.id;
ANALYZE pair;

--@ score five
CREATE TABLE link AS SELECT i, j FROM (
    SELECT p.i, p.j, coalesce(CASE WHEN x.email = y.email THEN 3 ELSE 0 END, 0) AS email, CASE WHEN x.phone = y.phone THEN 3 ELSE 0 END AS phone,
        CASE WHEN x.dob = y.dob THEN 2 ELSE 0 END AS dob, 2 * greatest(0, (coalesce(jaro_winkler(x.given, y.given), 0) - 0.7) / 0.3) AS given,
        2 * greatest(0, (coalesce(jaro_winkler(x.family, y.family), 0) - 0.7) / 0.3) AS family,
        1.5 * greatest(0, (coalesce(jaro_winkler(x.street, y.street), 0) - 0.7) / 0.3) AS street,
        4 + CASE WHEN x.email IS NOT NULL AND y.email IS NOT NULL THEN 3 ELSE 0 END + CASE WHEN x.phone IS NOT NULL AND y.phone IS NOT NULL THEN 3 ELSE 0 END
          + CASE WHEN x.dob IS NOT NULL AND y.dob IS NOT NULL THEN 2 ELSE 0 END
          + CASE WHEN x.street IS NOT NULL AND y.street IS NOT NULL THEN 1.5 ELSE 0 END AS most
    FROM pair p JOIN person x ON x.id = p.i JOIN person y ON y.id = p.j) AS s
WHERE email + phone + dob + given + family + street >= 0.62 * most;
ANALYZE link;

--@ score ours
CREATE TABLE link AS SELECT i, j FROM (
    SELECT p.i, p.j,
        CASE WHEN x.given IS NULL OR y.given IS NULL THEN 0 WHEN x.given = y.given THEN 6
             WHEN jaro_winkler(x.given, y.given) >= 0.92 THEN 4.5
             WHEN left(x.given, 1) = left(y.given, 1) AND (length(x.given) = 1 OR length(y.given) = 1) THEN 3
             WHEN jaro_winkler(x.given, y.given) >= 0.8 THEN 0.5 ELSE -4 END AS given,
        CASE WHEN x.family IS NULL OR y.family IS NULL THEN 0 WHEN x.family = y.family THEN 8.5
             WHEN jaro_winkler(x.family, y.family) >= 0.92 THEN 6.5 WHEN jaro_winkler(x.family, y.family) >= 0.8 THEN 1
             WHEN x.family = y.given THEN 4 ELSE -3.5 END AS family,
        CASE WHEN x.dob IS NULL OR y.dob IS NULL THEN 0 WHEN x.dob = y.dob THEN 13.5 WHEN levenshtein(x.dob, y.dob) <= 1 THEN 5.5
             WHEN x.born = y.born THEN 0 WHEN levenshtein(x.dob, y.dob) <= 2 THEN -1 ELSE -7 END AS dob,
        CASE WHEN x.email IS NULL OR y.email IS NULL THEN 0 WHEN x.email = y.email THEN 16 WHEN x.local = y.local THEN 12
             WHEN jaro_winkler(x.local, y.local) >= 0.93 THEN 9 ELSE -2 END AS email,
        CASE WHEN x.phone IS NULL OR y.phone IS NULL THEN 0 WHEN x.phone = y.phone THEN 15 WHEN levenshtein(x.phone, y.phone) <= 1 THEN 10 ELSE -1.5 END AS phone,
        CASE WHEN x.street = y.street AND (x.postcode = y.postcode OR x.city = y.city) THEN 14
             WHEN (x.postcode = y.postcode OR x.city = y.city) AND jaro_winkler(x.street, y.street) >= 0.9 THEN 10
             WHEN x.postcode = y.postcode AND (x.street IS NULL OR y.street IS NULL) THEN 6 WHEN x.postcode = y.postcode THEN 4
             WHEN x.street = y.street THEN 7 WHEN x.city = y.city AND (x.street IS NULL OR y.street IS NULL) THEN 3
             WHEN x.city = y.city OR left(x.postcode, 3) = left(y.postcode, 3) THEN 0.5
             WHEN coalesce(x.street, x.city, x.postcode) IS NULL OR coalesce(y.street, y.city, y.postcode) IS NULL THEN 0 ELSE -3 END AS address
    FROM pair p JOIN person x ON x.id = p.i JOIN person y ON y.id = p.j) AS s
WHERE given + family + dob + email + phone + address >= 21;
ANALYZE link;

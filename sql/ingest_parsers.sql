-- The readers of the ingest topic: cdp.parse_csv and cdp._guess_attribute.
CREATE EXTENSION cdp;
\pset null '(null)'

-- header, quotes, embedded line ends, blank lines, CR LF
SELECT * FROM cdp.parse_csv(E'id,name\r\n1,"Ann ""Annie"" Lee"\r\n\r\n2,"Bo\nLi"\r\n3,\r\n');

-- every kind of broken line; the rows around it are kept
SELECT * FROM cdp.parse_csv(E'a,b,c\n1,2,3\n4,"five,6\n7,8\n9,10,11,12\n13,"14",15\n');

-- delimiters: detected, named, given, wrong
SELECT fields FROM cdp.parse_csv(E'a;b\n1,5;2\n');
SELECT fields FROM cdp.parse_csv(E'a\tb\n1, x\t2\n');
SELECT fields FROM cdp.parse_csv(E'a,b|c\n', delimiter => '|');
SELECT fields FROM cdp.parse_csv(E'a\tb,c\n', 'tab');
DO $$
DECLARE
    state text;
    hint text;
BEGIN
    PERFORM * FROM cdp.parse_csv('a', 'ab');
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, hint = PG_EXCEPTION_HINT;
    RAISE NOTICE '% % / %', state, sqlerrm, hint;
END
$$;

-- without a header; NULL and empty input; NULL options are the defaults
SELECT row_number, fields FROM cdp.parse_csv(E'1,2\n3,4', has_header => false);
SELECT count(*) FROM cdp.parse_csv(NULL);
SELECT count(*) FROM cdp.parse_csv('');
SELECT row_number, fields FROM cdp.parse_csv(E'a,b\n1,2', NULL, NULL);

-- independent check: what the server's own CSV writer's rules give for 2,000 rows comes back
WITH source AS (
    SELECT i, ARRAY[i::text, repeat(chr(34), i % 4) || chr(10) || i, 'x,' || i % 7, ''] AS fields
    FROM generate_series(1, 2000) AS i
), file AS (
    SELECT string_agg((SELECT string_agg('"' || replace(f, '"', '""') || '"', ',' ORDER BY n)
                       FROM unnest(fields) WITH ORDINALITY AS u(f, n)), E'\n' ORDER BY i) AS content
    FROM source
)
SELECT count(*) AS rows, bool_and(p.fields = s.fields) AS same
FROM file, cdp.parse_csv(content, ',', false) AS p JOIN source AS s ON s.i = p.row_number;

-- nothing grows with the number of rows but the result: wide and long input within little memory
SET cdp.memory_limit = '16MB';
SELECT count(*), min(cardinality(fields)) FROM cdp.parse_csv(repeat(repeat('x,', 50) || E'x\n', 20000));
SELECT problem, length(original) FROM cdp.parse_csv(repeat('x', 10) || repeat(',', 10000));
RESET cdp.memory_limit;

-- guesses by name
SELECT name, g.attribute, round(g.confidence::numeric, 2) AS confidence
FROM unnest(ARRAY['FirstName', 'LoyaltyCard__c', 'Default Address Zip', 'HasOptedOutOfEmail', 'Teléfono móvil',
                  'fecha de nacimiento', 'traits.email', 'id', 'name', 'purchased_at', 'nothing known'])
     WITH ORDINALITY AS n(name, position), cdp._guess_attribute(name) AS g
ORDER BY position;
SELECT cdp._guess_attribute(NULL);

DROP EXTENSION cdp;

-- Phonetic codes from SQL. The algorithms are tested against plain ones in test/unit/similarity.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';

-- Published examples: National Archives (GIL 55), Wikipedia, Philips 2000, Postel, Taft, avotaynu.com.
SELECT name, cdp.soundex(name) FROM (VALUES (1, 'Robert'), (2, 'Rupert'), (3, 'Rubin'), (4, 'Ashcraft'), (5, 'Tymczak'),
    (6, 'Pfister'), (7, 'Honeyman'), (8, 'Gutierrez'), (9, 'Jackson'), (10, 'Lee')) AS v(n, name) ORDER BY n;
SELECT name, cdp.refined_soundex(name) FROM (VALUES (1, 'Braz'), (2, 'Broz'), (3, 'Caren'), (4, 'Hayers'), (5, 'Lambard'))
    AS v(n, name) ORDER BY n;
SELECT name, cdp.metaphone(name), cdp.metaphone(name, 3) AS three FROM (VALUES (1, 'Knight'), (2, 'Smith'), (3, 'Thumb'),
    (4, 'Wright'), (5, 'Xavier'), (6, 'School')) AS v(n, name) ORDER BY n;
SELECT name, code.* FROM (VALUES (1, 'Smith'), (2, 'Schmidt'), (3, 'Jose'), (4, 'Arnow'), (5, 'Arnoff'), (6, 'Filipowicz'),
    (7, 'François'), (8, 'van Dyck')) AS v(n, name), cdp.double_metaphone(name) AS code ORDER BY n;
SELECT * FROM cdp.double_metaphone('Filipowicz', NULL);
SELECT name, cdp.spanish_metaphone(name), cdp.spanish_metaphone(name, seseo => true) AS seseo FROM (VALUES (1, 'huevo'),
    (2, 'webo'), (3, 'grajea'), (4, 'gragea'), (5, 'rebozar'), (6, 'rebosar'), (7, 'pingüino'), (8, 'España'), (9, 'llaves'))
    AS v(n, name) ORDER BY n;
SELECT name, cdp.cologne_phonetic(name) FROM (VALUES (1, 'Wikipedia'), (2, 'Müller-Lüdenscheidt'), (3, 'Breschnew'),
    (4, 'Meyer'), (5, 'Maier')) AS v(n, name) ORDER BY n;
SELECT name, cdp.nysiis(name), cdp.nysiis(name, modified => true) AS modified, cdp.nysiis(name, max_length => NULL) AS whole
FROM (VALUES (1, 'Robert'), (2, 'Schmidt'), (3, 'Knuth'), (4, 'Macintosh'), (5, 'O''Daniel'), (6, 'Montgomery'))
    AS v(n, name) ORDER BY n;
SELECT name, cdp.daitch_mokotoff(name) FROM (VALUES (1, 'Peters'), (2, 'Moskowitz'), (3, 'Auerbach'), (4, 'Jackson'),
    (5, 'Nowy Targ'), (6, 'Rosochowaciec'), (7, 'Wałęsa')) AS v(n, name) ORDER BY n;

-- Scripts and accents are folded first.
SELECT cdp.soundex(name), cdp.metaphone(name), cdp.cologne_phonetic(name), cdp.nysiis(name), cdp.daitch_mokotoff(name)
FROM (VALUES (1, 'Müller'), (2, 'Мюллер'), (3, 'MULLER')) AS v(n, name) ORDER BY n;

-- No letters, no code; nothing breaks on odd input.
SELECT count(*) AS rows, count(cdp.soundex(name)) AS soundex, count(cdp.refined_soundex(name)) AS refined,
    count(cdp.metaphone(name)) AS metaphone, count((cdp.double_metaphone(name)).primary_code) AS double_metaphone,
    count(cdp.spanish_metaphone(name)) AS spanish, count(cdp.cologne_phonetic(name)) AS cologne, count(cdp.nysiis(name)) AS nysiis,
    count(cdp.daitch_mokotoff(name)) AS daitch_mokotoff
FROM (VALUES (NULL), (''), (' '), ('123'), ('—'), ('😀')) AS v(name);
SELECT length(cdp.metaphone(repeat('rt', 100000))), length(cdp.cologne_phonetic(repeat('rt', 100000))),
    length(cdp.refined_soundex(repeat('rt', 100000))), array_length(cdp.daitch_mokotoff(repeat('jc', 100000)), 1);
SELECT cdp.metaphone('a', 0);
SELECT cdp.nysiis('a', max_length => -1);
SELECT cdp.double_metaphone('a', 0);

-- fuzzystrmatch, on common surnames and on made-up ones full of the groups that have rules. Its soundex lets H, W and spaces separate;
-- its metaphone deviates from the article (GH, WH, MB, TCH).
CREATE SCHEMA fuzzy;
CREATE EXTENSION fuzzystrmatch SCHEMA fuzzy;
CREATE TEMP TABLE surname AS SELECT unnest(string_to_array('Adams Aguilar Allen Alvarez Anderson Bailey Baker Barnes Bell Bennett Black
    Boyd Brooks Brown Bryant Burns Butler Campbell Carter Castillo Castro Chavez Clark Cole Collins Cook Cooper Cox Cruz Daniels Davis
    Diaz Dixon Edwards Ellis Evans Fernandez Fisher Flores Ford Foster Fox Freeman Garcia Gardner Garza Gibson Gomez Gonzales Gordon
    Graham Grant Gray Green Griffin Guzman Hall Hamilton Harris Hayes Henderson Henry Hernandez Herrera Hicks Hill Holmes Howard
    Hughes Hunt Hunter Jackson James Jenkins Jimenez Johnson Jones Jordan Kelly Kennedy Kim King Knight Lee Lewis Long Lopez Marshall
    Martin Martinez Mason Mcdonald Medina Mendez Mendoza Miller Mitchell Moore Morales Moreno Morgan Morris Munoz Murphy Murray Myers
    Nelson Nguyen Nichols Olson Ortiz Owens Palmer Parker Patel Patterson Perez Perry Peterson Phillips Porter Powell Price Ramirez
    Ramos Reed Reyes Reynolds Rice Richardson Rivera Roberts Robertson Robinson Rodriguez Rogers Rose Ross Ruiz Russell Ryan Salazar
    Sanchez Sanders Santiago Schmidt Scott Shaw Silva Simmons Simpson Smith Snyder Soto Stephens Stevens Stewart Stone Sullivan Taylor
    Thomas Thompson Torres Tran Tucker Turner Vargas Vasquez Wagner Walker Wallace Ward Warren Washington Watson Webb Weaver Wells West
    White Williams Wilson Wood Woods Wright Young Zimmerman', ' ')) AS name;
DELETE FROM surname WHERE btrim(name, E' \n') = '';
UPDATE surname SET name = btrim(name, E' \n');
SELECT name, cdp.metaphone(name) AS ours, fuzzy.metaphone(name, 20) AS fuzzystrmatch FROM surname
WHERE cdp.metaphone(name) <> fuzzy.metaphone(name, 20) ORDER BY name COLLATE "C";
INSERT INTO surname SELECT concat(
    (ARRAY['', 'a', 'Mc', 'Sch', 'G', 'Gh', 'J', 'Wr', 'X', 'C', 'Ch', 'S', 'Sh', 'Sc', 'T', 'Th', 'W', 'Wh', 'K', 'Kn', 'P', 'Ps', 'Z',
        'Zh', 'D', 'V', 'L', 'Ll', 'R', 'H', 'van ', 'San ', 'B', 'Au', 'e', 'I'])[1 + i * 7 % 36],
    (ARRAY['a', 'e', 'i', 'o', 'u', 'y', 'ou', 'ie', 'au', 'ai', 'oi', 'ia', 'eau', ''])[1 + i * 11 / 3 % 14],
    (ARRAY['ch', 'cch', 'cc', 'ck', 'cz', 'cia', 'gh', 'gn', 'gl', 'ge', 'gg', 'dg', 'dt', 'll', 'mb', 'ph', 'pb', 'rr', 'sch', 'sz',
        'sio', 'ss', 'tch', 'tion', 'tth', 'wicz', 'witz', 'x', 'zz', 'j', 'jj', 'q', 'w', 'h', 'sl', 'k', 'rg', 'rz', 'm', 'nn', 'ght',
        'sc', 'cqu', 'cy', 'gy', 'ger', 'ces'])[1 + i * 13 / 7 % 47],
    (ARRAY['a', 'e', 'i', 'o', 'u', 'ier', 'er', 'ia', 'is', 'as', 'os', '', 't', 's', 'w', 'y', 'owski', 'illo', 'alle', 'ow', 'au',
        'ae', 'ham', 'heim', 'berg', 'x', 'z', 'cio', 'um', 'umb', 'oo', 'ey'])[1 + i * 17 / 11 % 32])
FROM generate_series(1, 5000) AS i;
SELECT count(*) AS names,
    count(*) FILTER (WHERE cdp.soundex(translate(name, 'hwHW ', '')) <> fuzzy.soundex(translate(name, 'hwHW ', ''))) AS soundex,
    count(*) FILTER (WHERE (code).primary_code IS DISTINCT FROM nullif(fuzzy.dmetaphone(name), '')) AS primary_code,
    count(*) FILTER (WHERE (code).alternate_code IS DISTINCT FROM nullif(fuzzy.dmetaphone_alt(name), '')) AS alternate_code
FROM (SELECT name, cdp.double_metaphone(name) AS code FROM surname) AS coded;

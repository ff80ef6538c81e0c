-- The bytes of a file as text.

CREATE FUNCTION cdp.detect_encoding(content bytea) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1000
AS 'MODULE_PATHNAME', 'cdp_detect_encoding';
COMMENT ON FUNCTION cdp.detect_encoding(bytea) IS
'What the bytes of a file are encoded in: utf-8, utf-16le, utf-16be or windows-1252 (which contains Latin-1). By a byte order mark, by zeros in every second place, else UTF-8 when it is that but for fewer stray bytes than there are good sequences, else Windows-1252. Example: SELECT cdp.detect_encoding(pg_read_binary_file(''/tmp/contacts.csv''));';

CREATE FUNCTION cdp.decode_text(content bytea, encoding text DEFAULT NULL) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 10000
AS 'MODULE_PATHNAME', 'cdp_decode_text';
COMMENT ON FUNCTION cdp.decode_text(bytea, text) IS
'The bytes of a file as text, without a byte order mark. encoding: utf-8, windows-1252, latin-1, utf-16le or utf-16be; detected when not given. A stray byte in UTF-8 is read as Windows-1252; zero characters, which a text cannot hold, and halves of UTF-16 pairs become U+FFFD. NULL for NULL. Errors: 22023 for an unknown encoding, 0A000 in a database that is not UTF-8. Example: SELECT cdp.decode_text(''\xfffe41004200'');';

CREATE FUNCTION cdp.load_csv(relation text, content bytea, delimiter text DEFAULT NULL, encoding text DEFAULT NULL, OUT rows_loaded bigint, OUT rows_rejected bigint)
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM cdp.load_csv(relation, cdp.decode_text(content, encoding), delimiter)
$$;
COMMENT ON FUNCTION cdp.load_csv(text, bytea, text, text) IS
'Loads the bytes of a CSV file as cdp.load_csv() does a text; delimiter and encoding are detected when not given (see cdp.decode_text). Example: SELECT * FROM cdp.load_csv(''landing.contacts'', pg_read_binary_file(''/srv/files/contacts.csv''));';

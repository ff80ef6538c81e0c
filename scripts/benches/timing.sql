-- Time of the processor that a query takes in this backend: the machine may have other work.
CREATE SCHEMA bench;
CREATE TABLE bench.run (label text, ms float8);
CREATE FUNCTION bench.processor_ms() RETURNS float8 LANGUAGE sql VOLATILE AS $$
    SELECT split_part(pg_read_file('/proc/self/schedstat'), ' ', 1)::float8 / 1e6
$$;
CREATE FUNCTION bench.time(label text, query text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before float8 := bench.processor_ms();
BEGIN
    EXECUTE query;
    INSERT INTO bench.run VALUES (label, bench.processor_ms() - before);
END
$$;

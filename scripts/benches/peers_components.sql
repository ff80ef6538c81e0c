-- Connected components of link, by the least number among neighbours, and that one's least, until nothing changes: of peers.sql, in PostgreSQL.
CREATE TABLE edge AS SELECT i, j FROM link UNION ALL SELECT j, i FROM link;
CREATE TABLE label AS SELECT DISTINCT i AS id, i AS head FROM edge;
ANALYZE edge, label;
DO $$
BEGIN
    LOOP
        CREATE TABLE better AS SELECT l.id, least(l.head, min(m.head)) AS head, l.head AS old
        FROM label l JOIN edge e ON e.i = l.id JOIN label m ON m.id = e.j GROUP BY l.id, l.head;
        EXIT WHEN NOT EXISTS (SELECT FROM better WHERE head <> old);
        DROP TABLE label;
        CREATE TABLE label AS SELECT b.id, h.head FROM better b JOIN better h ON h.id = b.head;
        ANALYZE label;
        DROP TABLE better;
    END LOOP;
END
$$;
CREATE TABLE result AS SELECT p.id::text AS record_key, coalesce(l.head, p.id) AS cluster_id, NULL::float8 AS confidence
FROM person p LEFT JOIN label l ON l.id = p.id;

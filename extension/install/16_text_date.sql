-- SPDX-License-Identifier: PostgreSQL
-- Dates of birth. Other dates are in 10_text.sql.

CREATE FUNCTION cdp.normalize_birth_date(value text, date_order text DEFAULT 'dmy', as_of date DEFAULT NULL) RETURNS date
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_normalize_birth_date';
COMMENT ON FUNCTION cdp.normalize_birth_date(text, text, date) IS
'A date of birth, read as by cdp.normalize_date: (''5/3/85'') gives 1985-03-05. With as_of, the day for which it is asked (current_date, or that of the file), a year of two digits is never later: (''5/3/28'', as_of => ''2026-01-01'') gives 1928-03-05. Default dates (1900-01-01, 1970-01-01, 01/01/01, …) are missing, years after 2100 invalid. Errors: 22023 for an unknown date_order. NULL when missing or invalid; cdp.clean_birth_date says which.';

CREATE FUNCTION cdp.clean_birth_date(input text, date_order text DEFAULT 'dmy', as_of date DEFAULT NULL,
    OUT value text, OUT status text, OUT reason text, OUT suggestion text)
LANGUAGE c IMMUTABLE PARALLEL SAFE COST 50 AS 'MODULE_PATHNAME', 'cdp_clean_birth_date';
COMMENT ON FUNCTION cdp.clean_birth_date(text, text, date) IS
'cdp.normalize_birth_date with its verdict, one row also for NULL. Suspicious: before 1900, 2000-01-01 (perhaps a default date), and with as_of a day more than 120 years before it; a day after as_of is invalid. status: ok, corrected, suspicious, invalid or missing; value is NULL for the last two, reason NULL for ok.';

-- SPDX-License-Identifier: PostgreSQL
-- Loads the Complete Journey's purchases, households, coupons and mailings, and the web messages of
-- generate_identities.py, into the schema retail: the tables a retailer would have before there is a CDP.
--
--     psql -v data=examples/complete_journey -v dir=OUTPUT_OF_THE_GENERATOR -v shift_weeks=N -f …/load.sql
--
-- Every date moves by the same whole number of weeks as the generator's. Running it again starts afresh.
-- \copy takes no psql variable, but its program sees the environment.
\set ON_ERROR_STOP on
\setenv CDP_EXAMPLE_DATA :data
\setenv CDP_EXAMPLE_DIR :dir
SELECT make_interval(weeks => :shift_weeks) AS shift \gset

BEGIN;
SET LOCAL client_min_messages = warning;
DROP SCHEMA IF EXISTS retail CASCADE;
CREATE SCHEMA retail;
COMMENT ON SCHEMA retail IS
    'A grocer''s own tables: the Complete Journey (84.51°/dunnhumby), dates moved by whole weeks.';

CREATE TABLE retail.product (
    product_id int PRIMARY KEY,
    manufacturer_id int,
    department text,
    brand text,
    product_category text,
    product_type text,
    package_size text
);
COMMENT ON TABLE retail.product IS 'One row per product. brand is National or Private.';
-- A few numbers are written as 9e+05 or 4.0128e+10.
CREATE TEMP TABLE product (LIKE retail.product) ON COMMIT DROP;
ALTER TABLE product ALTER product_id TYPE float8;
\copy product FROM PROGRAM 'gunzip -c "$CDP_EXAMPLE_DATA/products.csv.gz"' WITH (FORMAT csv, HEADER)
INSERT INTO retail.product SELECT * FROM product;

CREATE TABLE retail.transaction_line (
    household_id int NOT NULL,
    store_id int NOT NULL,
    basket_id bigint NOT NULL,
    product_id int NOT NULL,
    quantity int NOT NULL,
    sales_value numeric(10,2) NOT NULL,
    retail_disc numeric(10,2) NOT NULL,
    coupon_disc numeric(10,2) NOT NULL,
    coupon_match_disc numeric(10,2) NOT NULL,
    week int NOT NULL,
    transaction_timestamp timestamp NOT NULL,
    PRIMARY KEY (basket_id, product_id)
);
COMMENT ON TABLE retail.transaction_line IS
    'One row per product in a basket. sales_value in US dollars; times are the store''s local times; a few '
    'quantities are 0, and fuel is counted in thousands.';
CREATE TEMP TABLE transaction_line (LIKE retail.transaction_line) ON COMMIT DROP;
ALTER TABLE transaction_line ALTER basket_id TYPE float8;
\copy transaction_line FROM PROGRAM 'gunzip -c "$CDP_EXAMPLE_DATA/transactions_sample.csv.gz"' WITH (FORMAT csv, HEADER)
UPDATE transaction_line SET transaction_timestamp = transaction_timestamp + interval :'shift';
INSERT INTO retail.transaction_line SELECT * FROM transaction_line;
CREATE INDEX ON retail.transaction_line (household_id);

CREATE VIEW retail.purchase AS
SELECT t.basket_id || '-' || t.product_id AS line_id,
       t.household_id,
       t.transaction_timestamp AS purchased_at,
       p.product_type,
       p.department AS category,
       p.brand,
       t.quantity,
       t.sales_value
FROM retail.transaction_line AS t
LEFT JOIN retail.product AS p USING (product_id);
COMMENT ON VIEW retail.purchase IS
    'One row per product in a basket, with what the product is; line_id is unique. Some 200 products are unknown.';

CREATE TABLE retail.household (
    household_id int PRIMARY KEY,
    age text,
    income text,
    home_ownership text,
    marital_status text,
    household_size text,
    household_comp text,
    kids_count text
);
COMMENT ON TABLE retail.household IS
    'One row per household that has bought; the columns are NULL for the two thirds of which nothing is known.';
CREATE TEMP TABLE demographics (LIKE retail.household) ON COMMIT DROP;
\copy demographics FROM PROGRAM 'gunzip -c "$CDP_EXAMPLE_DATA/demographics.csv.gz"' WITH (FORMAT csv, HEADER)
INSERT INTO retail.household
SELECT h.household_id, d.age, d.income, d.home_ownership, d.marital_status, d.household_size, d.household_comp,
       d.kids_count
FROM (SELECT DISTINCT household_id FROM retail.transaction_line) AS h
LEFT JOIN demographics AS d USING (household_id);

CREATE TEMP TABLE campaign (campaign_id int, campaign_type text, start_date date, end_date date) ON COMMIT DROP;
\copy campaign FROM PROGRAM 'gunzip -c "$CDP_EXAMPLE_DATA/campaign_descriptions.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE TEMP TABLE target (campaign_id int, household_id int) ON COMMIT DROP;
\copy target FROM PROGRAM 'gunzip -c "$CDP_EXAMPLE_DATA/campaigns.csv.gz"' WITH (FORMAT csv, HEADER)
CREATE TABLE retail.campaign_mailing (
    mailing_id text PRIMARY KEY,
    campaign_id int NOT NULL,
    household_id int NOT NULL,
    campaign_type text NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    UNIQUE (campaign_id, household_id)
);
COMMENT ON TABLE retail.campaign_mailing IS 'One row per household and campaign that it was sent coupons of.';
INSERT INTO retail.campaign_mailing
SELECT t.campaign_id || '-' || t.household_id, t.campaign_id, t.household_id, c.campaign_type,
       (c.start_date + interval :'shift')::date, (c.end_date + interval :'shift')::date
FROM target AS t
JOIN campaign AS c USING (campaign_id);

CREATE TABLE retail.coupon_redemption (
    redemption_id text GENERATED ALWAYS AS (household_id || '-' || coupon_upc || '-' || campaign_id || '-' ||
                                            (redemption_date - date '2000-01-01')) STORED PRIMARY KEY,
    household_id int NOT NULL,
    coupon_upc bigint NOT NULL,
    campaign_id int NOT NULL,
    redemption_date date NOT NULL
);
COMMENT ON TABLE retail.coupon_redemption IS 'One row per household, coupon, campaign and day of use.';
CREATE TEMP TABLE redemption (household_id int, coupon_upc bigint, campaign_id int, redemption_date date) ON COMMIT DROP;
\copy redemption FROM PROGRAM 'gunzip -c "$CDP_EXAMPLE_DATA/coupon_redemptions.csv.gz"' WITH (FORMAT csv, HEADER)
INSERT INTO retail.coupon_redemption (household_id, coupon_upc, campaign_id, redemption_date)
SELECT household_id, coupon_upc, campaign_id, (redemption_date + interval :'shift')::date
FROM redemption;

CREATE TABLE retail.web_message (
    line bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    message text
);
COMMENT ON TABLE retail.web_message IS
    'One row per line the website''s collector has written, as it came: some lines are twice there, some broken.';
-- A delimiter and a quote that do not occur: every line is one value.
\copy retail.web_message (message) FROM PROGRAM 'cat "$CDP_EXAMPLE_DIR/web_events.jsonl"' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
COMMIT;

ANALYZE retail.product, retail.transaction_line, retail.household, retail.campaign_mailing, retail.coupon_redemption,
        retail.web_message;

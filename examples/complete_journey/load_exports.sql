-- Loads the two CSV exports as files come: with a few broken lines, which are set aside and not fatal.
--     psql -v dir=OUTPUT_OF_THE_GENERATOR -f …/load_exports.sql
\set ON_ERROR_STOP on
\setenv CDP_EXAMPLE_DIR :dir
\set file `cat "$CDP_EXAMPLE_DIR/crm_contacts.csv"`
SELECT 'crm_contacts.csv' AS file, * FROM cdp.load_csv('retail.crm_contact', :'file');
\set file `cat "$CDP_EXAMPLE_DIR/shop_customers.csv"`
SELECT 'shop_customers.csv' AS file, * FROM cdp.load_csv('retail.shop_customer', :'file');

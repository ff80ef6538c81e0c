-- Tells cdp where the example's customers and events are. After load.sql, and after the two CSV exports were loaded
-- into retail.crm_contact and retail.shop_customer.
\set ON_ERROR_STOP on

-- Attributes of one's own: what the loyalty programme knows about a household.
SELECT cdp.add_attribute('age_band', description => 'Age band of the head of the household');
SELECT cdp.add_attribute('household_size');
SELECT cdp.add_attribute('kids_count');
SELECT cdp.add_attribute('income', description => 'Income band of the household');
SELECT cdp.add_attribute('home_ownership');
SELECT cdp.add_attribute('marital_status');

-- The CRM: names no mapping, it is suggested from the names and the content of the columns.
SELECT * FROM cdp.add_source('crm', 'retail.crm_contact', key => 'Id', country => 'US', date_order => 'ymd', priority => 10);

-- The web shop: an export with a mapping of our own; its customer number is also the login of the web site.
SELECT * FROM cdp.add_source('shop', 'retail.shop_customer', key => 'Customer ID', country => 'US', priority => 20, mapping => '{
    "Customer ID": "user_id", "First Name": "given_name", "Last Name": "family_name", "Email": "email",
    "Accepts Email Marketing": "consent_email", "Accepts SMS Marketing": "consent_sms",
    "Default Address Address1": "street", "Default Address City": "city", "Default Address Province Code": "region",
    "Default Address Zip": "postal_code", "Default Address Country Code": "country",
    "Phone": "phone", "Default Address Phone": "phone"}');

-- The loyalty programme: knows households by card number, and no name.
SELECT * FROM cdp.add_source('loyalty', 'retail.household', key => 'household_id', priority => 30, mapping => '{
    "household_id": "loyalty_id", "age": "age_band", "household_size": "household_size", "kids_count": "kids_count", "income": "income",
    "home_ownership": "home_ownership", "marital_status": "marital_status"}');

-- The web site: messages in the Segment spec.
SELECT * FROM cdp.add_source('web', 'retail.web_message', key => 'line', kind => 'messages', priority => 40, mapping => '{"message": "message"}');

-- What the tills, the coupons and the mailing house saw, by loyalty card.
SELECT * FROM cdp.add_source('till', 'retail.purchase', key => 'line_id', kind => 'events', person_source => 'loyalty', event_kind => 'purchase',
    mapping => '{"household_id": "person_key", "purchased_at": "occurred_at", "sales_value": "amount", "category": "category",
                 "product_type": "product_type", "brand": "brand", "quantity": "quantity"}');
SELECT * FROM cdp.add_source('coupons', 'retail.coupon_redemption', key => 'redemption_id', kind => 'events', person_source => 'loyalty', event_kind => 'coupon_redeemed',
    mapping => '{"household_id": "person_key", "redemption_date": "occurred_at", "campaign_id": "campaign_id"}');
SELECT * FROM cdp.add_source('mailings', 'retail.campaign_mailing', key => 'mailing_id', kind => 'events', person_source => 'loyalty', event_kind => 'campaign_sent',
    mapping => '{"household_id": "person_key", "start_date": "occurred_at", "campaign_id": "campaign_id", "campaign_type": "campaign_type"}');

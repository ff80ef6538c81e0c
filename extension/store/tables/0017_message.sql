-- Foreign formats, messages that arrive one by one, the tracking plan, and money.
CREATE TABLE cdp_data.connection (
    connection_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_]{0,49}$'),
    format text NOT NULL,
    relation text,
    people text,
    country text,
    time_zone text NOT NULL,
    currency text NOT NULL,
    date_order text CHECK (date_order IN ('dmy', 'mdy', 'ymd')),
    decimal_mark text CHECK (decimal_mark IN ('.', ',')),
    debit_sign int CHECK (debit_sign IN (-1, 1)),
    priority int NOT NULL DEFAULT 100,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user
);
COMMENT ON TABLE cdp_data.connection IS 'One row per foreign format that is read: its views cdp_data.from_<name> and its sources. Add with cdp.connect_source().';
COMMENT ON COLUMN cdp_data.connection.relation IS 'Qualified name of the table that holds what was delivered; NULL when it arrives by cdp.receive_webhook() or cdp.ingest_messages() and lies in cdp_data.message';
COMMENT ON COLUMN cdp_data.connection.people IS 'The source whose keys its people are known by; NULL: a source of its own';
COMMENT ON COLUMN cdp_data.connection.time_zone IS 'Zone of times that come without one';
COMMENT ON COLUMN cdp_data.connection.currency IS 'Currency of amounts that come without one';
COMMENT ON COLUMN cdp_data.connection.date_order IS 'What comes first in its dates, where they need one';
COMMENT ON COLUMN cdp_data.connection.decimal_mark IS 'What separates decimals in its amounts; NULL: each amount by itself';
COMMENT ON COLUMN cdp_data.connection.debit_sign IS 'Bank files without a column for debit and credit: -1 when a debit is negative, 1 when it is positive';

CREATE TABLE cdp_data.message (
    message_number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    connection_id int NOT NULL REFERENCES cdp_data.connection ON DELETE CASCADE,
    message_key text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    body jsonb NOT NULL,
    UNIQUE (connection_id, message_key)
);
COMMENT ON TABLE cdp_data.message IS 'One row per message that arrived by cdp.track(), cdp.ingest_messages(), cdp.receive_webhook() and the like, as it came. The next ingest of its source stores what it says.';
COMMENT ON COLUMN cdp_data.message.message_key IS 'Its own id, or a hash of its content: sent again, it is kept once';

ALTER TABLE cdp_data.source ADD COLUMN decimal_mark text CHECK (decimal_mark IN ('.', ','));
COMMENT ON COLUMN cdp_data.source.decimal_mark IS 'What separates decimals in its columns of text; NULL: each number by itself. Found out from the values when the source is added; change it with UPDATE';

-- The contract.
CREATE TABLE cdp_data.tracking_plan (
    event_kind text NOT NULL CHECK (event_kind <> ''),
    property text NOT NULL DEFAULT '',
    value_type text CHECK (value_type IN ('text', 'number', 'boolean', 'date', 'timestamp', 'list', 'object')),
    is_required boolean NOT NULL DEFAULT false,
    allowed_values text[],
    minimum numeric,
    maximum numeric,
    pattern text,
    severity text NOT NULL DEFAULT 'warn' CHECK (severity IN ('note', 'warn', 'error')),
    description text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user,
    PRIMARY KEY (event_kind, property),
    CHECK (minimum <= maximum),
    CHECK (property NOT IN ('', '*') OR value_type IS NULL AND NOT is_required AND allowed_values IS NULL AND minimum IS NULL AND maximum IS NULL AND pattern IS NULL)
);
COMMENT ON TABLE cdp_data.tracking_plan IS 'One row per kind of event that is planned (property empty) and per property of it, with what was agreed. cdp.check_tracking_plan() compares what arrives with it. Add with cdp.plan_event() or INSERT.';
COMMENT ON COLUMN cdp_data.tracking_plan.property IS 'Empty for the kind itself; amount and currency are the event''s own; * allows any property that is not named';
COMMENT ON COLUMN cdp_data.tracking_plan.allowed_values IS 'The values it may have, as text; NULL: any';
COMMENT ON COLUMN cdp_data.tracking_plan.pattern IS 'Regular expression that the value must match';

CREATE TABLE cdp_data.plan_violation (
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    event_kind text NOT NULL,
    property text NOT NULL DEFAULT '',
    reason text NOT NULL,
    severity text NOT NULL,
    events bigint NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    example text,
    PRIMARY KEY (source_id, event_kind, property, reason)
);
COMMENT ON TABLE cdp_data.plan_violation IS 'One row per source, kind of event, property and reason: how many events broke the tracking plan, since when, and an example. Delete a row to count anew.';
COMMENT ON COLUMN cdp_data.plan_violation.first_seen_at IS 'When the first of these events was received';
COMMENT ON COLUMN cdp_data.plan_violation.last_seen_at IS 'When the last of these events was received';
COMMENT ON COLUMN cdp_data.plan_violation.example IS 'The latest value that broke it, or the key of the event where a value is missing; card numbers are masked';

CREATE TABLE cdp_data.plan_check (
    source_id int PRIMARY KEY REFERENCES cdp_data.source ON DELETE CASCADE,
    checked_event_id bigint NOT NULL,
    checked_at timestamptz NOT NULL
);
COMMENT ON TABLE cdp_data.plan_check IS 'One row per source that was compared with the tracking plan, and the last of its events that was.';

-- Money.
CREATE TABLE cdp_data.currency_rate (
    currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    base text NOT NULL CHECK (base ~ '^[A-Z]{3}$'),
    valid_from timestamptz NOT NULL,
    rate numeric NOT NULL CHECK (rate > 0 AND rate < 'Infinity'),
    PRIMARY KEY (currency, base, valid_from),
    CHECK (currency <> base)
);
COMMENT ON TABLE cdp_data.currency_rate IS 'One row per pair of currencies and instant from which a rate holds, until the next one. Load it from your bank or a public list; cdp.convert_money() looks it up.';
COMMENT ON COLUMN cdp_data.currency_rate.rate IS 'How many units of base one unit of currency is worth';
CREATE INDEX ON cdp_data.currency_rate (base, currency, valid_from);

ALTER TABLE cdp_data.event_kind ADD COLUMN money_sign smallint CHECK (money_sign IN (-1, 0, 1));
COMMENT ON COLUMN cdp_data.event_kind.money_sign IS 'What its amounts are to a sum: 1 revenue, -1 money given back, 0 none (the value of a cart, a declined payment). Set by the name when the kind is first seen; change it with UPDATE';

CREATE TABLE cdp_data.merchant_category (
    first_code int NOT NULL CHECK (first_code BETWEEN 0 AND 9999),
    last_code int NOT NULL CHECK (last_code BETWEEN 0 AND 9999),
    category text NOT NULL,
    description text NOT NULL,
    PRIMARY KEY (first_code),
    CHECK (first_code <= last_code)
);
COMMENT ON TABLE cdp_data.merchant_category IS 'One row per span of merchant category codes (ISO 18245) and the category that we count it to; the narrowest span that holds a code counts. Change it as you like.';
COMMENT ON COLUMN cdp_data.merchant_category.category IS 'The word that segments ask for, such as restaurant';
INSERT INTO cdp_data.merchant_category (first_code, last_code, category, description) VALUES
    (700, 999, 'farm_services', 'Veterinary, farming and garden services'),
    (742, 742, 'veterinary', 'Animal doctors'),
    (1500, 1799, 'home_improvement', 'Builders and trades'),
    (2700, 2899, 'business_services', 'Printing, publishing and cleaning for companies'),
    (3000, 3299, 'airline', 'Single airlines'),
    (3300, 3350, 'airline', 'Single airlines, later numbers'),
    (3351, 3500, 'car_rental', 'Single car rental companies'),
    (3501, 3999, 'hotel', 'Single hotel chains'),
    (4011, 4011, 'train', 'Freight and long-distance rail'),
    (4111, 4111, 'public_transport', 'City and suburban transport'),
    (4112, 4112, 'train', 'Passenger rail'),
    (4119, 4119, 'health', 'Ambulances'),
    (4121, 4121, 'taxi', 'Taxis and rides'),
    (4131, 4131, 'bus', 'Bus lines'),
    (4214, 4225, 'delivery', 'Movers, couriers and storage'),
    (4411, 4411, 'travel', 'Cruises'),
    (4457, 4468, 'leisure', 'Boats and marinas'),
    (4511, 4511, 'airline', 'Other airlines'),
    (4582, 4582, 'travel', 'Airports'),
    (4722, 4723, 'travel', 'Travel agencies and tours'),
    (4784, 4784, 'toll', 'Road and bridge tolls'),
    (4789, 4789, 'transport', 'Other transport'),
    (4812, 4816, 'telecom', 'Telephones, calls and networks'),
    (4821, 4821, 'telecom', 'Telegraph'),
    (4829, 4829, 'money_transfer', 'Transfers of money'),
    (4899, 4899, 'telecom', 'Cable, satellite and pay television'),
    (4900, 4900, 'utilities', 'Electricity, gas, water, waste'),
    (5000, 5199, 'wholesale', 'Trade among companies'),
    (5200, 5271, 'home_improvement', 'Building supplies, tools, gardens'),
    (5300, 5300, 'wholesale_club', 'Warehouse clubs'),
    (5309, 5309, 'duty_free', 'Duty-free shops'),
    (5310, 5399, 'department_store', 'Department, discount and general stores'),
    (5411, 5411, 'groceries', 'Supermarkets'),
    (5422, 5499, 'groceries', 'Butchers, bakers, dairies, sweets, corner shops'),
    (5511, 5599, 'car', 'Cars, parts, tyres, motorcycles, boats'),
    (5541, 5542, 'fuel', 'Petrol stations'),
    (5552, 5552, 'fuel', 'Charging electric vehicles'),
    (5611, 5699, 'clothing', 'Clothes, shoes, tailors'),
    (5712, 5722, 'home', 'Furniture, floors, curtains, appliances'),
    (5732, 5735, 'electronics', 'Electronics, instruments, software, records'),
    (5811, 5811, 'restaurant', 'Caterers'),
    (5812, 5812, 'restaurant', 'Restaurants'),
    (5813, 5813, 'bar', 'Bars and clubs'),
    (5814, 5814, 'fast_food', 'Fast food'),
    (5815, 5818, 'digital_goods', 'Books, games, applications and media by download'),
    (5912, 5912, 'pharmacy', 'Pharmacies'),
    (5921, 5921, 'groceries', 'Wine and spirits to take away'),
    (5931, 5937, 'second_hand', 'Used goods, antiques, pawn shops'),
    (5940, 5941, 'sport', 'Bicycles and sports shops'),
    (5942, 5943, 'books', 'Books and stationery'),
    (5944, 5944, 'jewellery', 'Jewellery and watches'),
    (5945, 5949, 'hobby', 'Toys, cameras, gifts, luggage, fabrics'),
    (5950, 5950, 'home', 'Glass and crystal'),
    (5960, 5969, 'direct_marketing', 'Mail order, telephone sales, subscriptions'),
    (5970, 5973, 'hobby', 'Art, stamps, religious goods'),
    (5975, 5977, 'health', 'Hearing aids, orthopaedics, cosmetics'),
    (5978, 5978, 'office', 'Typewriters and office machines'),
    (5983, 5983, 'fuel', 'Heating oil, coal, gas by delivery'),
    (5992, 5992, 'flowers', 'Florists'),
    (5993, 5993, 'tobacco', 'Cigars and tobacco'),
    (5994, 5994, 'books', 'Newspapers and magazines'),
    (5995, 5995, 'pets', 'Pets and what they need'),
    (5996, 5999, 'shopping', 'Pools, shavers, tents and other special shops'),
    (6010, 6011, 'cash', 'Cash at a counter or a machine'),
    (6012, 6051, 'finance', 'Banks, merchandise of banks, currencies, crypto assets'),
    (6211, 6211, 'finance', 'Securities'),
    (6300, 6399, 'insurance', 'Insurance'),
    (6513, 6513, 'rent', 'Agents and managers of property'),
    (6532, 6540, 'money_transfer', 'Payments, wallets and loading of cards'),
    (7011, 7012, 'hotel', 'Other hotels, time shares'),
    (7032, 7033, 'leisure', 'Camps and caravan parks'),
    (7210, 7299, 'personal_care', 'Laundry, photographers, hair, massage, other personal services'),
    (7311, 7399, 'business_services', 'Advertising, staffing, software, repair for companies'),
    (7512, 7519, 'car_rental', 'Rental of cars, lorries, caravans'),
    (7523, 7524, 'parking', 'Parking'),
    (7531, 7549, 'car', 'Repair, washing and towing of cars'),
    (7622, 7699, 'repair', 'Repair of things'),
    (7800, 7802, 'gambling', 'State lotteries and betting'),
    (7829, 7841, 'entertainment', 'Films: makers, cinemas, rental'),
    (7911, 7922, 'entertainment', 'Dancing, theatres, tickets'),
    (7929, 7929, 'entertainment', 'Bands and orchestras'),
    (7932, 7933, 'leisure', 'Billiards and bowling'),
    (7941, 7941, 'sport', 'Clubs and matches'),
    (7991, 7994, 'leisure', 'Sights, golf, games'),
    (7995, 7995, 'gambling', 'Betting and casinos'),
    (7996, 7999, 'leisure', 'Fairs, gyms, aquariums, other recreation'),
    (8011, 8099, 'health', 'Doctors, dentists, hospitals, laboratories'),
    (8111, 8111, 'professional_services', 'Lawyers'),
    (8211, 8299, 'education', 'Schools and courses'),
    (8351, 8351, 'childcare', 'Care of children'),
    (8398, 8398, 'charity', 'Charities'),
    (8641, 8699, 'membership', 'Associations, churches, parties, clubs'),
    (8675, 8675, 'car', 'Automobile clubs'),
    (8661, 8661, 'charity', 'Religious organisations'),
    (8734, 8999, 'professional_services', 'Laboratories, accountants, engineers, others'),
    (9211, 9399, 'government', 'Courts, fines, taxes, other offices'),
    (9402, 9402, 'delivery', 'Post offices'),
    (9405, 9405, 'government', 'Purchases among offices'),
    (9700, 9799, 'internal', 'Numbers that card schemes use among themselves'),
    (9950, 9950, 'internal', 'Purchases within a company');

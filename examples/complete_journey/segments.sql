-- Three segments, in the words of the segment language.
\set ON_ERROR_STOP on

SELECT cdp.define_segment('thursday evening', $$
        did purchase where (weekday = thursday and hour between 17 and 21) at least 2 times in last 180 days
    and may be contacted by email for 'marketing'
$$, description => 'Shop on Thursday evenings, and may be e-mailed');

SELECT cdp.define_segment('families going quiet', $$
        kids_count in ('1', '2', '3+')
    and did purchase at least 5 times in last 365 days
    and did not purchase in last 60 days
$$, description => 'Families who used to buy and stopped');

SELECT cdp.define_segment('online and in store', $$
        sum(amount) of purchase in last 12 months > 50
    and (did order_completed in last 12 months or did product_added at least 2 times in last 12 months)
$$, description => 'Spend at the till and browse the web shop');

SELECT cdp._make_all_views();

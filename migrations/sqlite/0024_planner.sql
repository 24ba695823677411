-- SQLite guesses that ten rows share a county. In these tables all do, so it is told: otherwise it walks a county's
-- rows where the index of a household would do. Figures are sizes of a large county; only their proportions matter.
analyze payee;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('payee', 'sqlite_autoindex_payee_1', '500000 500000 1'),
    ('payee', 'payee_by_account', '500000 500000 2'),
    ('payout_row', 'sqlite_autoindex_payout_row_1', '2000000 2000000 2000 1'),
    ('payout_row', 'payout_row_by_party', '2000000 2000000 20 2'),
    ('payout_batch', 'sqlite_autoindex_payout_batch_1', '5000 5000 1'),
    ('payout_batch', 'payout_batch_by_book', '5000 5000 20 1'),
    ('share_entry', 'sqlite_autoindex_share_entry_1', '1000000 1000000 2000 1'),
    ('share_entry', 'share_entry_by_holder', '1000000 1000000 2000 4 2'),
    ('share_entry', 'share_entry_by_beneficiary', '1000000 1000000 6 2'),
    ('share_entry', 'share_entry_by_owner', '1000000 1000000 6 2'),
    ('dividend_row', 'sqlite_autoindex_dividend_row_1', '1000000 1000000 5000 1000 1'),
    ('dividend_row', 'dividend_row_by_member', '1000000 1000000 10 5 1'),
    ('entrusted_move', 'sqlite_autoindex_entrusted_move_1', '100000 100000 1000 1'),
    ('entrusted_move', 'entrusted_move_by_household', '100000 100000 4 2 1'),
    ('entrusted_income', 'sqlite_autoindex_entrusted_income_1', '500000 500000 5000 1000 1'),
    ('entrusted_income', 'entrusted_income_by_household', '500000 500000 10 5 1'),
    ('household', 'sqlite_autoindex_household_1', '200000 200000 1'),
    ('loan', 'sqlite_autoindex_loan_1', '200000 200000 1'),
    ('loan', 'loan_by_household', '200000 200000 2 1'),
    ('loan_standing', 'sqlite_autoindex_loan_standing_1', '200000 200000 1'),
    ('subsidy_row', 'sqlite_autoindex_subsidy_row_1', '2000000 2000000 100000 2 1'),
    ('subsidy_row', 'subsidy_row_by_loan', '2000000 2000000 12 1');
analyze sqlite_schema;

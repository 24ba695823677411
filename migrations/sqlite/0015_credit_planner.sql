-- SQLite guesses that ten rows share a county; it is told that all do (see 0024_planner.sql for the rest of the tables).
analyze bank;
insert into sqlite_stat1 (tbl, idx, stat) values
    ('household', 'household_by_place', '200000 200000 200 1'),
    ('person', 'sqlite_autoindex_person_1', '800000 800000 4 1'),
    ('person', 'person_by_id', '800000 800000 1'),
    ('household_status', 'sqlite_autoindex_household_status_1', '400000 400000 2 1'),
    ('credit_grade', 'sqlite_autoindex_credit_grade_1', '200000 200000 2 1'),
    ('loan', 'loan_by_place', '200000 200000 200 1'),
    ('loan_event', 'sqlite_autoindex_loan_event_1', '4000000 4000000 20 1'),
    ('loan_row', 'sqlite_autoindex_loan_row_1', '3000000 3000000 13 1 1 1'),
    ('subsidy_row', 'subsidy_row_by_household', '2000000 2000000 100000 2'),
    ('subsidy_bank_row', 'sqlite_autoindex_subsidy_bank_row_1', '1000000 1000000 5000 1'),
    ('fund_claim', 'sqlite_autoindex_fund_claim_1', '10000 10000 1'),
    ('fund_claim', 'fund_claim_by_loan', '10000 10000 1');
analyze sqlite_schema;

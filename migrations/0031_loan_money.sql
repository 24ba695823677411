-- Loan acts that were run from statement lines: which line, what was done, and the voucher it made.
-- A payment that went back is marked, never deleted.
create table statement_loan_act (
    county text not null,
    bank_account text not null,
    act bigint not null,
    line bigint not null,
    part bigint not null,
    kind text not null,
    loan text not null,
    content text not null,
    dated_on text not null,
    amount_cents bigint not null,
    book text not null,
    voucher bigint not null,
    made_at text not null,
    made_by text not null,
    undone_at text,
    undone_by text,
    undone_why text,
    primary key (county, bank_account, act)
);
create index statement_loan_act_by_line on statement_loan_act (county, bank_account, line, part);

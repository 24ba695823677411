-- Subsidy batches (open_reason: why the batch must be run again or on; done_through: last loan done): one per quarter (or year), its rows, and the bank's list beside them.

create table subsidy_batch (
    county text not null,
    batch text not null,
    book text not null,
    from_on text not null,
    through_on text not null,
    state text not null check (state in ('calculated', 'reviewed', 'approved', 'paid')),
    made_by text not null,
    made_at text not null,
    reviewed_by text,
    reviewed_at text,
    reviewed_digest text,
    notice_on text,
    approved_by text,
    approved_on text,
    open_reason text,
    done_through text not null,
    primary key (county, batch)
);

create table subsidy_row (
    county text not null,
    batch text not null,
    loan text not null,
    due_on text not null,
    start_on text not null,
    household text not null,
    bank text not null,
    payee text not null,
    kind text not null check (kind in ('claim', 'supplement', 'clawback')),
    days bigint not null,
    principal_cents bigint not null,
    interest_cents bigint not null,
    subsidy_cents bigint not null,
    account text not null,
    excluded text,
    paid_on text,
    returned_on text,
    primary key (county, batch, loan, due_on)
);
create index subsidy_row_by_household on subsidy_row (county, batch, household);
create index subsidy_row_by_loan on subsidy_row (county, loan, due_on);

create table subsidy_bank_row (
    county text not null,
    batch text not null,
    loan text not null,
    amount_cents bigint not null,
    primary key (county, batch, loan)
);

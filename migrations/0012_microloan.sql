-- The register of loans: a mirror of the banks' books, not double entry. What happened is in loan_event;
-- everything else follows from it.

create table loan (
    county text not null,
    loan text not null,
    household text not null,
    borrower text not null,
    place text not null,
    bank text not null,
    product text not null,
    policy text,
    purpose text not null,
    asked_cents bigint not null,
    asked_months bigint not null,
    applied_on text not null,
    applied_by text not null,
    state text not null,
    approvals bigint not null,
    contract text,
    contract_number text,
    signed_on text,
    renews text,
    primary key (county, loan)
);
create index loan_by_household on loan (county, household, loan);
create index loan_by_place on loan (county, place, loan);

-- Where a loan that was paid out stands: written with every fact and every settlement.
create table loan_standing (
    county text not null,
    loan text not null,
    bank text not null,
    place text not null,
    state text not null,
    is_plain bigint not null check (is_plain in (0, 1)),
    rate_ppm bigint not null,
    day_count text not null,
    settlement text not null,
    row_from_on text not null,
    next_due_on text,
    matures_on text not null,
    disbursed_cents bigint not null,
    principal_cents bigint not null,
    overdue_cents bigint not null,
    interest_cents bigint not null,
    penalty_cents bigint not null,
    held_cents bigint not null,
    written_off_cents bigint not null,
    disbursed_on text not null,
    overdue_from_on text,
    interest_overdue_from_on text,
    own_class text not null,
    bank_class text,
    primary key (county, loan)
);

-- What happened, in the order it was recorded; `happened_on` may lie before earlier records.
create table loan_event (
    county text not null,
    loan text not null,
    event_number bigint not null,
    happened_on text not null,
    kind text not null,
    content text not null,
    reference text not null,
    recorded_at text not null,
    recorded_by text not null,
    primary key (county, loan, event_number)
);

-- Settled interest, penalty and compound interest. Append-only: a row that turns out wrong gets a row
-- with the opposite amount beside it, then the right one; `settled_in` is the month each was entered.
create table loan_row (
    county text not null,
    loan text not null,
    due_on text not null,
    kind text not null check (kind in ('interest', 'penalty', 'compound')),
    entry bigint not null,
    start_on text not null,
    days bigint not null,
    principal_cents bigint not null,
    amount_cents bigint not null,
    settled_in text not null,
    primary key (county, loan, due_on, kind, entry)
);

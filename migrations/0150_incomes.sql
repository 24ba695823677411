-- Incomes of households that no book paid: imported rows, known again by their content. Dropped ones stay, and do not count.
create table household_income (
    county text not null,
    entry bigint not null,
    source_key text not null,
    household text not null,
    received_on text not null,
    type text not null check (type in ('wage', 'business', 'property', 'transfer')),
    item text not null,
    amount_cents bigint not null check (amount_cents > 0),
    payer text not null,
    document text not null,
    remark text not null,
    imported_by text not null,
    imported_at text not null,
    dropped_on text,
    dropped_by text,
    reason text,
    primary key (county, entry)
);
create unique index household_income_by_key on household_income (county, source_key);
create index household_income_by_household on household_income (county, household, received_on);

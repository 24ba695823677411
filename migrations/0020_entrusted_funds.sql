-- Entrusted operation (委托经营): schemes, money handed over and returned, income by period and household.

create table entrusted_scheme (
    county text not null,
    scheme text not null,
    state text not null check (state in ('running', 'insolvent', 'ended')),
    terms text not null,
    opened_by text not null,
    opened_at text not null,
    primary key (county, scheme)
);

create table entrusted_move (
    county text not null,
    scheme text not null,
    move bigint not null,
    household text not null,
    dated_on text not null,
    kind text not null check (kind in ('entrust', 'return')),
    amount_cents bigint not null,
    loan text,
    loan_matures_on text,
    event text not null,
    primary key (county, scheme, move)
);
create index entrusted_move_by_household on entrusted_move (county, household, scheme, move);

-- received_cents: what the operator paid (or settled in shares) of operator_cents.
create table entrusted_period (
    county text not null,
    scheme text not null,
    period bigint not null,
    from_on text not null,
    to_on text not null,
    due_on text not null,
    operator_cents bigint not null,
    household_cents bigint not null,
    reinvest_cents bigint not null,
    received_cents bigint not null,
    reinvested_on text,
    event text not null,
    primary key (county, scheme, period)
);

create table entrusted_income (
    county text not null,
    scheme text not null,
    period bigint not null,
    household text not null,
    amount_cents bigint not null,
    reinvest_cents bigint not null,
    primary key (county, scheme, period, household)
);
create index entrusted_income_by_household on entrusted_income (county, household, scheme, period);

create table entrusted_receipt (
    county text not null,
    scheme text not null,
    receipt bigint not null,
    dated_on text not null,
    amount_cents bigint not null,
    event text not null,
    primary key (county, scheme, receipt)
);

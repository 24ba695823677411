-- Parties of a scheme that keep books of their own here (村集体), and income given back when principal left within a paid period.

create table entrusted_investor (
    county text not null,
    scheme text not null,
    party text not null,
    investor_book text not null,
    primary key (county, scheme, party)
);

-- amount_cents: what the household owes back for a period; negative, with period 0, what it paid back.
create table entrusted_refund (
    county text not null,
    scheme text not null,
    refund bigint not null,
    period bigint not null,
    household text not null,
    dated_on text not null,
    amount_cents bigint not null,
    operator_cents bigint not null,
    event text not null,
    primary key (county, scheme, refund)
);
create index entrusted_refund_by_household on entrusted_refund (county, household, scheme);

-- Persons who died or moved away, by resident id: nobody is paid after that day without somebody looking.
create table person_gone (
    county text not null,
    id_number text not null,
    died_on text,
    moved_out_on text,
    document text not null,
    primary key (county, id_number)
);

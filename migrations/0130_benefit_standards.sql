-- What a benefit pays by date, each with the document that sets it; a top-up's is the poverty line.

create table benefit_standard (
    county text not null,
    kind text not null,
    starts_on text not null,
    amount_cents bigint not null,
    document text not null,
    primary key (county, kind, starts_on)
);

-- The income a top-up was assessed on.
alter table payout_row add column income_cents bigint;

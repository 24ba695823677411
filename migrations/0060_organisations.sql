-- Organisations (企业、合作社名录): companies and cooperatives of the county, with or without a book kept here.

create table organisation (
    county text not null,
    organisation text not null,
    credit_code text,
    name text not null,
    kind text not null check (kind in ('company', 'cooperative', 'enterprise')),
    place text,
    representative text not null,
    registered_cents bigint not null,
    registered_on text,
    book text,
    stopped_on text,
    primary key (county, organisation)
);
create unique index organisation_by_credit_code on organisation (county, credit_code) where credit_code is not null;

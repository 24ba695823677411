-- One-off county funds (教育救助基金等专项基金): what they are for, and the grants made; money is in their books, payments in payouts.

create table aid_fund (
    county text not null,
    book text not null,
    purpose text not null,
    standard text not null,
    document text not null,
    opened_on text not null,
    primary key (county, book)
);

create table aid_grant (
    county text not null,
    book text not null,
    grant_code text not null,
    title text not null,
    document text not null,
    dated_on text not null,
    rows_count bigint not null,
    total_cents bigint not null,
    batch text not null,
    event text not null,
    primary key (county, book, grant_code)
);

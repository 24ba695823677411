-- A county's own policy rows and reference rates; they come before those the program ships.

create table policy_row (
    county text not null,
    policy text not null,
    row_text text not null,
    imported_at text not null,
    imported_by text not null,
    primary key (county, policy)
);

create table reference_rate (
    county text not null,
    series text not null,
    tier_months bigint not null,
    from_on text not null,
    rate_ppm bigint not null,
    source text not null,
    primary key (county, series, tier_months, from_on)
);

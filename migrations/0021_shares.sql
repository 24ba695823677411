-- Share registers of cooperatives and village collectives. Holdings on any date are the sum of entries up to it.

-- Kinds of shares and what a preferred one is promised. Rates in parts per million of one.
create table share_class (
    county text not null,
    book text not null,
    class text not null,
    name text not null,
    kind text not null check (kind in ('subscribed', 'allotted', 'preferred', 'collective', 'quantified')),
    floor_ppm bigint,
    floor_timing text check (floor_timing in ('from_profit', 'before_profit')),
    participation text not null check (participation in ('by_weight', 'at_rate', 'none')),
    participation_ppm bigint,
    shortfall text check (shortfall in ('carried', 'guaranteed', 'finance_cost')),
    guarantor text,
    basis text,
    primary key (county, book, class)
);

-- holder owns the share (account 301); beneficiary gets its income. account_column is the member account's column.
create table share_entry (
    county text not null,
    book text not null,
    entry bigint not null,
    dated_on text not null,
    kind text not null check (kind in ('subscribe', 'allot', 'transfer', 'convert', 'withdraw', 'quantify', 'capitalise')),
    class text not null,
    holder text not null,
    beneficiary text not null,
    source text not null,
    account_column text not null,
    amount_cents bigint not null,
    event text not null,
    document text not null,
    primary key (county, book, entry)
);
create index share_entry_by_holder on share_entry (county, book, holder, dated_on);
create index share_entry_by_beneficiary on share_entry (county, beneficiary, dated_on);
create index share_entry_by_owner on share_entry (county, holder, dated_on);

-- A member that keeps a book of its own in this county: a village collective, a company, another cooperative.
create table share_investor (
    county text not null,
    book text not null,
    member text not null,
    investor_book text not null,
    primary key (county, book, member)
);

-- What was put in otherwise than in money, with its valuation papers; nominal ones stand at one yuan (备查簿).
create table contributed_asset (
    county text not null,
    book text not null,
    asset bigint not null,
    member text not null,
    dated_on text not null,
    what text not null,
    account text not null,
    quantity text not null,
    value_cents bigint not null,
    valued_by text not null check (valued_by in ('papers', 'members', 'appraiser', 'nominal')),
    valuation_paper text not null,
    is_poverty_asset bigint not null check (is_poverty_asset in (0, 1)),
    event text not null,
    primary key (county, book, asset)
);

-- What members sold to and bought through the cooperative in a year: the measure of patronage refunds.
create table member_trade (
    county text not null,
    book text not null,
    year bigint not null,
    member text not null,
    product text not null,
    volume text not null,
    amount_cents bigint not null,
    primary key (county, book, year, member, product)
);

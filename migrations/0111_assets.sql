-- Assets and resources of village books (资产资源登记): cards, and what became of them.

-- card: what stands on it, as a JSON object; project: the project that formed it.
create table asset_card (
    county text not null,
    book text not null,
    asset text not null,
    kind text not null,
    state text not null check (state in ('in_use', 'disposed')),
    card text not null,
    project text,
    made_by text not null,
    made_at text not null,
    primary key (county, book, asset)
);

-- Depreciation by month, disposal, changes of the card. amount_cents: what depreciation a row carries.
create table asset_entry (
    county text not null,
    book text not null,
    asset text not null,
    entry bigint not null,
    kind text not null check (kind in ('depreciation', 'disposal', 'change')),
    dated_on text not null,
    period text not null,
    amount_cents bigint not null,
    content text not null,
    made_by text not null,
    made_at text not null,
    event text,
    voucher bigint,
    primary key (county, book, asset, entry)
);

-- Plans of year-end distribution and their rows. A posted plan never changes.

create table dividend_plan (
    county text not null,
    book text not null,
    plan bigint not null,
    year bigint not null,
    state text not null check (state in ('drafted', 'reviewed', 'published', 'posted', 'archived', 'dropped')),
    terms text not null,
    figures text not null,
    rows_digest text not null,
    drafted_by text not null,
    drafted_at text not null,
    reviewed_by text,
    reviewed_at text,
    notice_from text,
    notice_through text,
    notice_document text,
    posted_on text,
    event text,
    archived_at text,
    primary key (county, book, plan)
);

create table dividend_row (
    county text not null,
    book text not null,
    plan bigint not null,
    member text not null,
    trade_cents bigint not null,
    base_cents bigint not null,
    weight text not null,
    refund_cents bigint not null,
    arrears_cents bigint not null,
    floor_due_cents bigint not null,
    floor_paid_cents bigint not null,
    at_rate_cents bigint not null,
    share_cents bigint not null,
    guaranteed_cents bigint not null,
    cost_cents bigint not null,
    carried_cents bigint not null,
    tax_cents bigint not null,
    net_cents bigint not null,
    primary key (county, book, plan, member)
);
create index dividend_row_by_member on dividend_row (county, member, book, plan);

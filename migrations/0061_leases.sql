-- Leases (租约): land, houses and equipment let out or rented in, their parties, rent by period and party, receipts.

create table lease (
    county text not null,
    lease text not null,
    book text not null,
    direction text not null check (direction in ('out', 'in')),
    state text not null check (state in ('running', 'ended')),
    relets text,
    terms text not null,
    opened_by text not null,
    opened_at text not null,
    ended_on text,
    primary key (county, lease)
);
create index lease_by_book on lease (county, book, lease);

-- is_member: a household or member of the book, whose account is 内部往来 or 成员往来.
create table lease_party (
    county text not null,
    lease text not null,
    party text not null,
    quantity_milli bigint not null,
    yearly_cents bigint not null,
    is_member bigint not null check (is_member in (0, 1)),
    primary key (county, lease, party)
);

-- settled_cents: what the party paid of it, advance_cents of that from money received in advance. Rent owed to households is settled by payouts.
create table lease_rent (
    county text not null,
    lease text not null,
    period bigint not null,
    party text not null,
    from_on text not null,
    to_on text not null,
    due_on text not null,
    amount_cents bigint not null,
    settled_cents bigint not null,
    advance_cents bigint not null,
    event text not null,
    primary key (county, lease, period, party)
);
create index lease_rent_by_party on lease_rent (county, party, lease, period);

create table lease_receipt (
    county text not null,
    lease text not null,
    receipt bigint not null,
    party text not null,
    dated_on text not null,
    amount_cents bigint not null,
    advance_cents bigint not null,
    event text not null,
    primary key (county, lease, receipt)
);

-- The county and the people who act in it; the audit trail. Portable: bigint, text, blob only.

create table county (
    county text not null,
    name text not null,
    created_at text not null,
    primary key (county)
);

-- Townships and villages: 12-digit codes with validity and successors (domain/validation.md §3).
create table place (
    county text not null,
    place text not null,
    valid_from text not null,
    name text not null,
    level text not null check (level in ('county', 'township', 'village', 'group')),
    parent text,
    valid_before text,
    successor text,
    primary key (county, place, valid_from)
);

create table app_user (
    county text not null,
    user_name text not null,
    name text not null,
    created_at text not null,
    stopped_on text,
    primary key (county, user_name)
);

-- scope: '' the whole county, a place code (with everything below it), or a book code.
create table user_role (
    county text not null,
    user_name text not null,
    role text not null,
    scope text not null,
    primary key (county, user_name, role, scope)
);

-- One line for every act: who, when, from where, what, and the book's digest before and after.
-- An act that carries an idempotency key is answered again from here.
create table act (
    county text not null,
    act text not null,
    at text not null,
    actor text not null,
    face text not null,
    kind text not null,
    book text,
    what text not null,
    before_digest text,
    after_digest text,
    idempotency_key text,
    request_digest text not null,
    answer text not null,
    primary key (county, act)
);
create unique index act_by_key on act (county, idempotency_key) where idempotency_key is not null;
create index act_by_book on act (county, book, act) where book is not null;

-- What happened in the business's own words; vouchers on several books point to the one event.
create table event (
    county text not null,
    event text not null,
    kind text not null,
    happened_on text not null,
    what text not null,
    recorded_at text not null,
    primary key (county, event)
);

-- Villages merged (撤并): the act, and each book that ended with it. A paper is found again by its digest.

create table village_merger (
    county text not null,
    merger bigint not null,
    into_book text not null,
    place text not null,
    dated_on text not null,
    document text not null,
    made_by text not null,
    made_at text not null,
    primary key (county, merger)
);

-- given, taken: the vouchers that handed the balances over, in the book that ended and in the one that took them.
create table village_merger_book (
    county text not null,
    book text not null,
    merger bigint not null,
    place text,
    given bigint,
    taken bigint,
    primary key (county, book)
);

create index attachment_by_digest on attachment (county, digest);

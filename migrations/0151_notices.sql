-- Notices to villages. book: the one it is for, or blank for every village below the place (blank for the whole county).
create table notice (
    county text not null,
    notice bigint not null,
    place text not null,
    book text not null,
    title text not null,
    words text not null,
    posted_by text not null,
    posted_on text not null,
    posted_at text not null,
    primary key (county, notice)
);

-- Who of a village saw it first.
create table notice_seen (
    county text not null,
    notice bigint not null,
    book text not null,
    user_name text not null,
    seen_at text not null,
    primary key (county, notice, book)
);

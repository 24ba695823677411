-- Projects (项目管理) of village books: the card, and every deed of a project in the order it was done.

-- project: the member of the dimension 项目; card: what was asked for, as a JSON object.
create table project (
    county text not null,
    book text not null,
    project text not null,
    state text not null check (state in ('proposed', 'approved', 'building', 'accepted', 'settled', 'finished')),
    card text not null,
    opened_by text not null,
    opened_at text not null,
    primary key (county, book, project)
);

-- content: what the deed says; amount_cents repeats its sum, event and voucher lead to the books.
create table project_deed (
    county text not null,
    book text not null,
    project text not null,
    deed bigint not null,
    kind text not null,
    dated_on text not null,
    amount_cents bigint not null,
    content text not null,
    made_by text not null,
    made_at text not null,
    event text,
    voucher bigint,
    primary key (county, book, project, deed)
);
create index project_deed_by_voucher on project_deed (county, book, voucher) where voucher is not null;

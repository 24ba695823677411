-- Disclosure (财务公开): frozen sheets with their versions, what people ask of them, and a county's own dated rules of control.

-- content: the sheet as it was made; it is never written again. digest: SHA-256 of it.
create table disclosure_sheet (
    county text not null,
    book text not null,
    sheet bigint not null,
    kind text not null,
    span text not null,
    subject text not null,
    version bigint not null,
    state text not null check (state in ('drafted', 'returned', 'approved', 'published', 'replaced', 'withdrawn')),
    title text not null,
    unit text not null,
    content text not null,
    digest text not null,
    made_by text not null,
    made_at text not null,
    approved_by text,
    approved_at text,
    published_on text,
    reason text,
    primary key (county, book, sheet)
);
create unique index disclosure_sheet_by_version on disclosure_sheet (county, book, kind, span, subject, version);

-- Questions and objections from the public page; nothing of the person is kept.
create table disclosure_question (
    county text not null,
    book text not null,
    question bigint not null,
    sheet bigint,
    asked_on text not null,
    asked text not null,
    answer text,
    answered_by text,
    released_by text,
    released_on text,
    primary key (county, book, question)
);

-- A county's own rows beside the shipped ones: obligations of disclosure, red flags.
create table control_rule (
    county text not null,
    room text not null,
    rule text not null,
    row_text text not null,
    added_by text not null,
    added_at text not null,
    primary key (county, room, rule)
);

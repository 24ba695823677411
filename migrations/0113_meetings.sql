-- Meetings and votes of villages (四议两公开一监督): what is decided, and the steps it went through.

create table meeting (
    county text not null,
    book text not null,
    meeting bigint not null,
    subject text not null,
    amount_cents bigint not null,
    made_by text not null,
    made_at text not null,
    primary key (county, book, meeting)
);

-- A step with its day, attendance and votes; document: its record, photographs, notice.
create table meeting_step (
    county text not null,
    book text not null,
    meeting bigint not null,
    step text not null,
    held_on text not null,
    place text not null,
    expected bigint not null,
    present bigint not null,
    votes_for bigint not null,
    votes_against bigint not null,
    abstained bigint not null,
    document text not null,
    made_by text not null,
    made_at text not null,
    primary key (county, book, meeting, step)
);

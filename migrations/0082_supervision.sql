-- Supervision: red flags as they were raised, findings (督办单) with their answers, people whose payments are watched.

create table red_flag (
    county text not null,
    book text not null,
    rule text not null,
    object text not null,
    severity text not null check (severity in ('note', 'warning', 'serious')),
    happened_on text not null,
    words text not null,
    amount_cents bigint not null,
    voucher text,
    claim bigint,
    first_seen_on text not null,
    gone_on text,
    primary key (county, book, rule, object)
);

-- When the rules were last run over a book, and which.
create table flag_run (
    county text not null,
    book text not null,
    ran_at text not null,
    rules text not null,
    primary key (county, book)
);

create table finding (
    county text not null,
    finding bigint not null,
    book text not null,
    rule text,
    object text,
    title text not null,
    asked text not null,
    owner text not null,
    due_on text not null,
    state text not null check (state in ('open', 'answered', 'closed')),
    raised_by text not null,
    raised_on text not null,
    answer text,
    document text,
    answered_by text,
    answered_on text,
    closed_by text,
    closed_on text,
    primary key (county, finding)
);
create index finding_by_book on finding (county, book, finding);

-- Confidential: cadres and their relatives, by name, given by the village.
create table watched_person (
    county text not null,
    book text not null,
    name text not null,
    relation text not null,
    document text not null,
    primary key (county, book, name)
);

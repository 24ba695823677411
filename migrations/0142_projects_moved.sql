-- A project of a merged village goes on in the other book; its old card is 'moved' and stays to be read.

create table project_kept (
    county text not null,
    book text not null,
    project text not null,
    state text not null check (state in ('proposed', 'approved', 'building', 'accepted', 'settled', 'finished', 'moved')),
    card text not null,
    opened_by text not null,
    opened_at text not null,
    primary key (county, book, project)
);

insert into project_kept (county, book, project, state, card, opened_by, opened_at)
select county, book, project, state, card, opened_by, opened_at from project;

drop table project;

alter table project_kept rename to project;

-- How often what a distribution rests on was changed (entries, classes, trade), so that a plan whose facts stand is not computed again.

create table share_facts (
    county text not null,
    book text not null,
    changes bigint not null,
    primary key (county, book)
);

alter table dividend_plan add column facts text;

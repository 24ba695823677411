-- Households, their people and their standing by date; credit grades; banks and branches.

create table household (
    county text not null,
    household text not null,
    place text not null,
    head_name text not null,
    head_id text not null,
    labour bigint not null,
    phone text,
    bank_account text,
    moved_out_on text,
    registered_at text not null,
    primary key (county, household)
);
create index household_by_place on household (county, place, household);

-- Person 1 is the head.
create table person (
    county text not null,
    household text not null,
    person bigint not null,
    name text not null,
    id_number text not null,
    relation text not null,
    is_able bigint not null check (is_able in (0, 1)),
    primary key (county, household, person)
);
create index person_by_id on person (county, id_number);

-- A standing holds from its day until the next one begins.
create table household_status (
    county text not null,
    household text not null,
    from_on text not null,
    status text not null,
    document text not null,
    primary key (county, household, from_on)
);

create table credit_grade (
    county text not null,
    household text not null,
    graded_on text not null,
    score bigint not null,
    grade text not null,
    limit_cents bigint not null,
    rule text not null,
    graded_by text not null,
    primary key (county, household, graded_on)
);

create table bank (
    county text not null,
    bank text not null,
    parent text,
    name text not null,
    place text,
    stopped_on text,
    primary key (county, bank)
);

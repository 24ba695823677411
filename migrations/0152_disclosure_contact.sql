-- Whom villagers may call about what is public (监督电话): dated, by place; the nearest place above a village counts.
create table disclosure_contact (
    county text not null,
    place text not null,
    from_on text not null,
    office text not null,
    phone text not null,
    document text not null,
    made_by text not null,
    made_at text not null,
    primary key (county, place, from_on)
);

-- Frozen with the sheet: the approver's name as it was when they approved, and the telephone when it was published.
alter table disclosure_sheet add column approver text;
alter table disclosure_sheet add column contact text;

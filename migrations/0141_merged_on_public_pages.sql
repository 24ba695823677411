-- What public pages say of villages that were merged: written when the merger is done, so that they need no other table.
-- unit, into_unit: the names on that day.
create table disclosure_successor (
    county text not null,
    book text not null,
    unit text not null,
    into_book text not null,
    into_unit text not null,
    merged_on text not null,
    primary key (county, book)
);

insert into disclosure_successor (county, book, unit, into_book, into_unit, merged_on)
select e.county, e.book, b.name, m.into_book, i.name, m.dated_on from village_merger_book e
join village_merger m on m.county = e.county and m.merger = e.merger
join book b on b.county = e.county and b.book = e.book
join book i on i.county = m.county and i.book = m.into_book;

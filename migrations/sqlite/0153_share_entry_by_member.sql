-- A plan goes through a book's register member by member (src/decisions/0012); what it asks stands in the index.
create index share_entry_by_member on share_entry (county, book, beneficiary, class, dated_on, amount_cents);
insert into sqlite_stat1 (tbl, idx, stat) values
    ('share_entry', 'share_entry_by_member', '1000000 1000000 2000 4 3 2 2 1');
analyze sqlite_schema;

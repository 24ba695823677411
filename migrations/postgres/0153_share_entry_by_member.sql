-- A plan goes through a book's register member by member (src/decisions/0012); what it asks stands in the index.
create index share_entry_by_member on share_entry (county, book, beneficiary, class, dated_on, amount_cents);

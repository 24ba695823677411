-- What tells the key that seals ids, account numbers and phones of this database; the key itself stands in a file elsewhere.
create table _sealing (
    mark text not null,
    primary key (mark)
);

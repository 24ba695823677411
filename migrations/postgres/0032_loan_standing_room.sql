-- Every settlement writes every standing anew. With half of each page left free the new row lies beside the old one:
-- no entry of the key is written, and the next settlement uses the place again (src/decisions/0005).
alter table loan_standing set (fillfactor = 50);

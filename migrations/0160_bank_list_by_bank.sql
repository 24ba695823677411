-- A batch is compared with the lists of several banks; each list stands in place of the same bank's earlier one only.
alter table subsidy_bank_row add column bank text not null default '';
update subsidy_bank_row set bank = coalesce((select l.bank from loan l where l.county = subsidy_bank_row.county
    and l.loan = subsidy_bank_row.loan), '');

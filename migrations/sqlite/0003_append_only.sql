-- What is posted, and the audit trail, can be added to and never changed (财会〔2024〕12号; domain/validation.md §10).

create trigger voucher_posted_update before update on voucher when old.state = 'posted'
begin select raise(abort, 'a posted voucher never changes'); end;
create trigger voucher_posted_delete before delete on voucher when old.state = 'posted'
begin select raise(abort, 'a posted voucher is never deleted'); end;
create trigger voucher_line_posted_update before update on voucher_line
when (select state from voucher v where v.county = old.county and v.book = old.book and v.voucher = old.voucher) = 'posted'
  or (select state from voucher v where v.county = new.county and v.book = new.book and v.voucher = new.voucher) = 'posted'
begin select raise(abort, 'a line of a posted voucher never changes'); end;
create trigger voucher_line_posted_delete before delete on voucher_line
when (select state from voucher v where v.county = old.county and v.book = old.book and v.voucher = old.voucher) = 'posted'
begin select raise(abort, 'a line of a posted voucher is never deleted'); end;
create trigger act_update before update on act begin select raise(abort, 'the audit trail never changes'); end;
create trigger act_delete before delete on act begin select raise(abort, 'the audit trail is never deleted'); end;

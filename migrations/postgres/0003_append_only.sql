-- What is posted, and the audit trail, can be added to and never changed (财会〔2024〕12号; domain/validation.md §10).

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'posted vouchers and the audit trail never change';
end $$;

create function refuse_posted_line_change() returns trigger language plpgsql as $$
begin
    if (select state from voucher v where v.county = old.county and v.book = old.book and v.voucher = old.voucher) = 'posted' then
        raise exception 'a line of a posted voucher never changes';
    end if;
    if tg_op = 'DELETE' then return old; end if;
    if (select state from voucher v where v.county = new.county and v.book = new.book and v.voucher = new.voucher) = 'posted' then
        raise exception 'a posted voucher takes no further line';
    end if;
    return new;
end $$;

create trigger voucher_posted_change before update or delete on voucher
    for each row when (old.state = 'posted') execute function refuse_change();
create trigger voucher_line_posted_change before update or delete on voucher_line
    for each row execute function refuse_posted_line_change();
create trigger act_change before update or delete on act for each row execute function refuse_change();

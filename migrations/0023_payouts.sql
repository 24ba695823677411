-- Payouts (代发): payees, batches, rows, layouts of bank files.

-- Where a party is paid, and what is known against paying it.
create table payee (
    county text not null,
    party text not null,
    name text not null,
    id_number text not null,
    account_name text not null,
    account text not null,
    bank text not null,
    died_on text,
    moved_out_on text,
    paid_account text,
    paid_account_name text,
    paid_on text,
    primary key (county, party)
);
create index payee_by_account on payee (county, account);

create table payout_batch (
    county text not null,
    batch text not null,
    book text not null,
    kind text not null,
    title text not null,
    project text not null,
    state text not null check (state in ('drawn_up', 'reviewed', 'sent', 'settled', 'dropped')),
    payable text not null,
    money_account text not null,
    rows_count bigint not null,
    total_cents bigint not null,
    received_cents bigint not null,
    source text,
    attempt bigint not null,
    drawn_up_by text not null,
    drawn_up_at text not null,
    accepted_flags text,
    reviewed_by text,
    reviewed_at text,
    sent_on text,
    primary key (county, batch)
);
create index payout_batch_by_book on payout_batch (county, book, batch);
create unique index payout_batch_by_source on payout_batch (county, source) where source is not null and state <> 'dropped';

-- against: json list of [account, fen]; they add up to amount + withheld.
create table payout_row (
    county text not null,
    batch text not null,
    row_number bigint not null,
    party text not null,
    name text not null,
    id_number text not null,
    account_name text not null,
    account text not null,
    bank text not null,
    standard_cents bigint,
    quantity_milli bigint,
    amount_cents bigint not null,
    withheld_cents bigint not null,
    against text not null,
    remark text not null,
    state text not null check (state in ('waiting', 'sent', 'paid', 'returned', 'corrected')),
    attempt bigint not null,
    reason text,
    serial text,
    decided_on text,
    primary key (county, batch, row_number)
);
create index payout_row_by_party on payout_row (county, party, batch);

create table payout_layout (
    county text not null,
    layout text not null,
    columns text not null,
    primary key (county, layout)
);

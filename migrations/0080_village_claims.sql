-- Claims (报账单) of village reporting clerks, the limits they are held to, and the clerk's cash book.

-- content: the claim as the clerk typed it; the columns beside it are what claims are looked for by.
create table claim (
    county text not null,
    book text not null,
    claim bigint not null,
    state text not null check (state in ('draft', 'sent', 'returned', 'accepted', 'booked', 'withdrawn')),
    spent_on text not null,
    kind text not null,
    payee text not null,
    invoice text not null,
    amount_cents bigint not null,
    content text not null,
    made_by text not null,
    made_at text not null,
    sent_on text,
    accepted_by text,
    voucher bigint,
    handover bigint,
    primary key (county, book, claim)
);
create index claim_by_invoice on claim (county, invoice) where invoice <> '';
create index claim_by_payee on claim (county, book, payee, amount_cents);
create index claim_by_voucher on claim (county, book, voucher) where voucher is not null;

-- What was done to a claim; reasons: field and sentence, as a list.
create table claim_step (
    county text not null,
    book text not null,
    claim bigint not null,
    step bigint not null,
    action text not null,
    actor text not null,
    at text not null,
    reasons text not null,
    primary key (county, book, claim, step)
);

-- Photographed bills; the content stands in attachment_file by its digest.
create table claim_photo (
    county text not null,
    book text not null,
    claim bigint not null,
    photo bigint not null,
    digest text not null,
    name text not null,
    width bigint not null,
    height bigint not null,
    added_by text not null,
    added_at text not null,
    primary key (county, book, claim, photo)
);
create index claim_photo_by_digest on claim_photo (county, digest);

-- A county's own rows of the limit table, beside the ones the program brings.
create table claim_limit (
    county text not null,
    rule text not null,
    row_text text not null,
    added_by text not null,
    added_at text not null,
    primary key (county, rule)
);

-- 原始凭证移交清单
create table claim_handover (
    county text not null,
    book text not null,
    handover bigint not null,
    handed_on text not null,
    handed_by text not null,
    primary key (county, book, handover)
);

-- The clerk's cash book. Amounts are signed: in is positive.
create table cash_entry (
    county text not null,
    book text not null,
    entry bigint not null,
    dated_on text not null,
    kind text not null,
    amount_cents bigint not null,
    summary text not null,
    claim bigint,
    made_by text not null,
    primary key (county, book, entry)
);
create index cash_entry_by_day on cash_entry (county, book, dated_on, entry);

create table cash_day (
    county text not null,
    book text not null,
    closed_on text not null,
    balance_cents bigint not null,
    closed_by text not null,
    closed_at text not null,
    primary key (county, book, closed_on)
);

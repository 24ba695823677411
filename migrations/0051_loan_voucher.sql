-- What a borrowing entity's own book holds of its loans: one voucher for each payment, settled row and receipt.
-- Append-only: an entry that turns out wrong gets a red voucher as the next turn, then the right one; an odd turn stands.

create table loan_voucher (
    county text not null,
    loan text not null,
    entry text not null,
    turn bigint not null,
    book text not null,
    voucher bigint not null,
    dated_on text not null,
    content text not null,
    primary key (county, loan, entry, turn)
);
